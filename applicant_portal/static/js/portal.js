/* Four small helps. Every page works without them. */
(() => {
  "use strict";

  /* A form came back with errors: start reading at the summary. */
  const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();

  /* Results were swapped while someone typed: say what was found aloud and in the title of the window. */
  const echoResults = () => {
    const found = document.getElementById("found");
    const status = document.querySelector("[data-echo]");
    if (!found || !status) return;
    status.textContent = found.textContent;
    document.title = `${found.textContent.trim()} — ${document.title.split(" — ").pop()}`;
  };

  /* Says on the button how many results the ticked filters give; nothing is applied until it is pressed. */
  const countOnButton = () => {
    const button = document.querySelector("[data-count-url]");
    if (!button?.form) return;
    let latest = 0;
    document.addEventListener("change", async (event) => {
      if (event.target.form !== button.form || event.target.type !== "checkbox") return;
      const turn = (latest += 1);
      const chosen = new URLSearchParams(new FormData(button.form));
      chosen.set("per_page", "1");
      try {
        const answer = await fetch(`${button.dataset.countUrl}?${chosen}`);
        const { total } = await answer.json();
        if (turn === latest && Number.isInteger(total)) {
          button.textContent = button.dataset.countLabel.replace("{total}", total);
        }
      } catch {
        /* Offline or busy: the button keeps its word. */
      }
    });
  };

  /* Offers printing where the browser can do it. */
  const offerPrinting = () => {
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  };

  document.addEventListener("htmx:afterSwap", () => {
    focusSummary(document);
    echoResults();
  });
  focusSummary(document);
  countOnButton();
  offerPrinting();
})();
