// Says while it is typed whether the short name of a site is free. Without it, the form says so when it is sent.
(() => {
  const field = document.getElementById("field-address")
  const texts = document.querySelector("[data-address]")?.dataset
  if (!field || !texts) return
  const form = field.form
  const note = document.createElement("p")
  note.className = "hint"
  note.setAttribute("role", "status")
  field.closest(".field").append(note)
  let timer
  let asked = 0

  const value = name => form.elements[name]?.value ?? ""
  const use = slug => {
    field.value = slug
    field.focus()
    look()
  }

  const show = answer => {
    note.replaceChildren(answer.free ? texts.free : answer.possible ? texts.taken : texts.impossible)
    if (!answer.suggestions.length) return
    note.append(" " + texts.suggestions + " ")
    for (const slug of answer.suggestions) {
      const button = document.createElement("button")
      button.type = "button"
      button.className = "plain"
      button.textContent = slug
      button.addEventListener("click", () => use(slug))
      note.append(button, " ")
    }
  }

  const look = async () => {
    const number = ++asked
    const query = new URLSearchParams({ address: field.value, name: value("name"), school: value("school"), kind: value("kind"), state: value("state") })
    try {
      const response = await fetch("/sign-up/address?" + query)
      if (response.ok && number === asked) show(await response.json())
    } catch {
      // Not reachable: the form will say.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer)
    note.replaceChildren()
    if (field.value) timer = setTimeout(look, 300)
  })
  // Somebody who comes to an empty field gets suggestions.
  field.addEventListener("focus", () => { if (!field.value && value("school")) look() })
})()
