// Narrows a long list of choices while its reader types; without this the button beside the field asks the server.
"use strict";

for (const field of document.querySelectorAll("[data-finds]")) {
  // A field that no server answers is hidden until there is this script.
  field.closest(".finder").hidden = false;
  const choices = [...document.querySelectorAll(`${field.dataset.finds} .choice`)];
  const status = field.closest(".finder").querySelector("[role=status]");
  const plain = (text) => text.toLowerCase().replaceAll("'", "’");
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const choice of choices) {
      const text = plain(`${choice.textContent} ${choice.dataset.words ?? ""}`);
      const fits = words.every((word) => text.includes(word)) || choice.querySelector("input").checked;
      choice.hidden = !fits;
      shown += fits;
    }
    status.textContent = shown ? "" : status.dataset.none;
  });
  // Enter in the field must not leave the page: what it looks for is already shown.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
