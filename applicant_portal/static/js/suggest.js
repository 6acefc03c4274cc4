/* Suggestions under a search field: an editable combobox. Without it the form just searches. */
document.querySelectorAll("[data-suggest]").forEach((list) => {
  "use strict";

  const { id, dataset: words } = list;
  const status = list.nextElementSibling;
  const input = list.closest("form").elements.q;
  let options = [];
  let active = -1;
  let timer;
  let request;

  const make = (name, role, text) => {
    const made = document.createElement("div");
    made.className = name;
    if (role) made.setAttribute("role", role);
    made.textContent = text;
    /* Also on an English page Ukrainian names are read as Ukrainian. */
    if (/[\u0400-\u04ff]/.test(text)) made.lang = "uk";
    return made;
  };

  const choose = (index) => {
    options[active]?.setAttribute("aria-selected", false);
    active = index;
    const option = options[index];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", true);
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const show = (open) => {
    choose(-1);
    list.hidden = !open;
    input.setAttribute("aria-expanded", open);
    status.textContent = open ? words.count.replace("{n}", options.length) : "";
  };

  const stop = () => {
    clearTimeout(timer);
    request?.abort();
  };

  const close = () => {
    stop();
    show(false);
  };

  const go = (option) => {
    close();
    location.assign(option.dataset.url);
  };

  const draw = (found) => {
    const groups = {};
    for (const { kind, label, detail, url } of found) {
      if (!groups[kind]) {
        groups[kind] = make("", "group", "");
        groups[kind].setAttribute("aria-label", words[kind]);
        groups[kind].append(make("label", "presentation", words[kind]));
      }
      const option = make("suggestion", "option", "");
      option.append(make("", "", label), " ", make("hint", "", detail));
      option.dataset.url = url;
      groups[kind].append(option);
    }
    list.replaceChildren(...Object.values(groups));
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, index) => (option.id = `${id}-${index}`));
    show(options.length > 0);
  };

  const ask = async () => {
    request = new AbortController();
    try {
      const { signal } = request;
      const answer = await fetch(words.suggest + encodeURIComponent(input.value), { signal });
      const { suggestions } = await answer.json();
      if (!signal.aborted) draw(suggestions);
    } catch (error) {
      /* Offline or busy: the form still searches. */
      if (error.name !== "AbortError") draw([]);
    }
  };

  const step = (by) => {
    if (list.hidden) show(true);
    else choose((Math.max(active, by < 0 ? 0 : -1) + by + options.length) % options.length);
  };

  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.isComposing || !options.length) return;
    if (key === "ArrowDown") step(1);
    else if (key === "ArrowUp") step(-1);
    else if (key === "Enter" && active >= 0) go(options[active]);
    else if (key === "Escape" && !list.hidden) show(false);
    else {
      /* Back in the text, where these keys move the caret. */
      if (/^(Home|End|Arrow)/.test(key)) choose(-1);
      return;
    }
    event.preventDefault();
  });
  input.addEventListener("input", () => {
    stop();
    choose(-1);
    if (input.value.trim().length > 1) timer = setTimeout(ask, 150);
    else draw([]);
  });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  /* The field keeps the focus while the list is clicked or scrolled. */
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });

  const is = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": false };
  for (const name in is) input.setAttribute(name, is[name]);
});
