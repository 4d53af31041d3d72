// Small improvements; every page works without them.
(() => {
  const d = document;
  const all = (selector, act) => d.querySelectorAll(selector).forEach(act);

  // Menus close on Escape (focus returns to their button) and on a click elsewhere.
  const close = (event, elsewhere) => all(".top details[open]", (details) => {
    const own = details.matches(".menu") ? d.querySelector(".top") : details;
    if (elsewhere && own.contains(event.target)) return;
    details.open = false;
    if (!elsewhere && own.contains(d.activeElement)) details.firstElementChild.focus();
  });
  d.addEventListener("keydown", (event) => event.key === "Escape" && close(event));
  d.addEventListener("click", (event) => close(event, true));

  // A page may stay in a cache longer than its announcement is true.
  all("[data-until]", (notice) => { notice.hidden = Date.parse(notice.dataset.until) < Date.now(); });

  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  all(`.cal time[datetime="${today}"]`, (time) => time.closest("td").setAttribute("aria-current", "date"));

  // Embeds load only when the reader asks for them.
  all(".embed", (embed) => {
    const { embedSrc: src, embedTitle: title } = embed.dataset;
    const button = d.createElement("button");
    button.className = "btn";
    button.textContent = embed.firstElementChild.textContent;
    button.onclick = () => {
      const frame = d.createElement("iframe");
      Object.assign(frame, { src, title, allowFullscreen: true });
      embed.replaceChildren(frame);
      frame.focus();
    };
    embed.replaceChildren(button);
  });

  all("[data-copy]", (button) => {
    button.hidden = !navigator.clipboard;
    button.onclick = () => navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = button.dataset.copied; });
  });
  all("[data-print]", (button) => {
    button.hidden = false;
    button.onclick = () => print();
  });
})();
