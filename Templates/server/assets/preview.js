// Shows the home page with the colours of the form while they are chosen. Without it, there is a button.
(() => {
  const form = document.querySelector("form[data-preview]")
  const frame = document.querySelector("iframe.preview")
  if (!form || !frame) return
  const button = form.querySelector("button[formmethod]")
  button.hidden = true
  const names = ["primary", "accent", "header", "fonts", "corners", "density"]
  const path = form.dataset.preview.split("?")[0]
  let timer

  const show = () => {
    const query = new URLSearchParams(names.map(name => [name, form.elements[name].value]))
    // Another address in the frame's history would take "back" away from the reader.
    frame.contentWindow.location.replace(path + "?" + query)
  }

  form.addEventListener("input", event => {
    if (!names.includes(event.target.name)) return
    clearTimeout(timer)
    timer = setTimeout(show, 300)
  })
})()
