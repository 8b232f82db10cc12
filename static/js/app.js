/* The frame: keyboard, menus, live search, what htmx needs around it. Words come from data-* and <template>. */
const search = document.querySelector("[data-find] input[type=search]");
const found = document.getElementById("found");

const typing = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const visible = (element) => element.getClientRects().length > 0;

/* Rows that the keyboard walks: one at a time, in the order of the page, only those on the screen. */
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.indexOf(document.activeElement?.closest("[data-row]"));
  const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by))];
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function rowKey(event, row) {
  if (event.key === "Enter") {
    const link = row.querySelector("a[data-open]") ?? row.querySelector("a");
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (event.key === " " || event.key === "x") {
    const box = row.querySelector("input[type=checkbox]");
    if (box) {
      event.preventDefault();
      box.click();
    }
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  }
}

function openSearch(event) {
  if (!search || !visible(search)) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open], details.pop[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function escape(event) {
  const menu = document.querySelector("details.menu[open], details.pop[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (found?.childElementCount && event.target instanceof Node && found.parentElement.contains(event.target)) {
    found.replaceChildren();
    search.focus();
  }
}

/* Arrows walk from the search box through the suggestions and back. */
function walkFound(event) {
  if (!found || !["ArrowDown", "ArrowUp"].includes(event.key)) return false;
  const hits = [...found.querySelectorAll("a.hit")];
  const at = hits.indexOf(document.activeElement);
  if (!hits.length || (at < 0 && document.activeElement !== search)) return false;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? search : hits[Math.min(next, hits.length - 1)]).focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return openSearch(event);
  if (event.key === "Escape") return escape(event);
  if (walkFound(event) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") openSearch(event);
  else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.target instanceof HTMLElement && event.target.matches("[data-row]")) rowKey(event, event.target);
});

document.addEventListener("click", (event) => {
  const inside = event.target instanceof Element ? event.target.closest("details.menu, details.pop") : null;
  closeMenus(inside);
  if (found && event.target instanceof Node && !found.parentElement.contains(event.target)) found.replaceChildren();
});

/* A session that ended answers a fragment with the sign-in page: load the whole page instead, so that it can lead back here. */
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const url = event.detail.xhr.responseURL;
  const signIn = document.body.dataset.signIn;
  if (signIn && url && new URL(url).pathname === signIn) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    const box = document.getElementById("messages");
    const words = document.getElementById("word-failed");
    if (box && words && !box.querySelector("[data-net]")) {
      const note = words.content.firstElementChild.cloneNode(true);
      note.dataset.net = "";
      box.append(note);
    }
  });
}
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelector("#messages [data-net]")?.remove();
});
