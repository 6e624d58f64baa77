// What every page needs beside htmx: forms are sent once, focus survives a swap,
// changes are spoken, trouble on the line is said. Pages work without all of it.
"use strict";

(() => {
  const live = document.getElementById("live");
  const trouble = document.getElementById("trouble");

  // A live region speaks only when its text changes.
  const announce = (words) => {
    live.textContent = "";
    window.setTimeout(() => { live.textContent = words; }, 50);
  };

  const complain = (words) => { trouble.textContent = words; };

  const isPost = (form) => form.method === "post";

  const busy = (form, button) => {
    form.setAttribute("aria-busy", "true");
    // Not disabled: a disabled button would not be sent along.
    if (button) button.setAttribute("aria-busy", "true");
  };

  const idle = (form) => {
    form.removeAttribute("aria-busy");
    form.querySelectorAll("[aria-busy]").forEach((part) => part.removeAttribute("aria-busy"));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!isPost(form) || "repeat" in form.dataset || form.hasAttribute("hx-post")) return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    busy(form, event.submitter);
  }, true);

  // The page kept by the browser's back button must be usable again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach(idle);
  });

  // Escape closes the menu and gives the focus back to its button.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // The summary of what is wrong is read first after a form came back.
  const summary = document.querySelector("main [data-focus]");
  if (summary) summary.focus();

  // htmx may still ask for confirmation at the submit: only a request makes its form busy.
  document.addEventListener("htmx:beforeRequest", (event) => {
    complain("");
    const { elt, requestConfig } = event.detail;
    const form = requestConfig.verb === "post" && elt.closest("form");
    if (!form) return;
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    else busy(form, requestConfig.triggeringEvent && requestConfig.triggeringEvent.submitter);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) idle(form);
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    complain(xhr.getResponseHeader("X-Reason") || sentence(xhr.status));
  });

  ["htmx:sendError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, () => {
      complain("Sambungan terputus. Perubahan terakhir belum tersimpan, silakan coba lagi.");
    });
  });

  const sentence = (status) => {
    if (status === 401 || status === 403) return "Sesi Anda berakhir. Muat ulang halaman, lalu masuk kembali.";
    if (status === 404) return "Data ini tidak ditemukan lagi. Muat ulang halaman.";
    if (status === 429 || status === 503) return "Layanan sedang penuh. Tunggu sebentar, lalu coba lagi.";
    return "Layanan sedang terganggu. Perubahan terakhir belum tersimpan, silakan coba lagi.";
  };

  // A server's answer may carry HX-Trigger: {"announce": "…"}.
  document.addEventListener("announce", (event) => announce(event.detail.value));

  // Replacing the control that has the focus would drop a keyboard user to the top of the page.
  let held = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    held = event.detail.target.contains(active) && active !== document.body ? active.id : null;
  });

  const wish = (region) => (region.matches("[data-focus]") ? region : region.querySelector("[data-focus], [autofocus]"));

  const takeFocus = (region) => {
    const wanted = wish(region)
      || (held && document.getElementById(held))
      || region.querySelector("input:not([type=hidden]), select, textarea, a[href], button")
      || region;
    if (wanted === region) region.tabIndex = -1;
    wanted.focus({ preventScroll: wanted === region });
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    const region = event.detail.elt;
    const spoken = region.matches("[data-announce]") ? region : region.querySelector("[data-announce]");
    if (spoken) announce(spoken.dataset.announce);
    const lost = held !== null && document.activeElement === document.body;
    if (lost || wish(region)) takeFocus(region);
    held = null;
  });
})();
