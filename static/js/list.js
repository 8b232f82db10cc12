/* Lists: ticking rows, the count on the bulk bar. The bar itself is shown by the style sheet. */
const boxes = (listing) => [...listing.querySelectorAll('.tbl input[name="pk"]')];

function count(listing) {
  const all = boxes(listing);
  const ticked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("sel", box.checked);
  const head = listing.querySelector("[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && ticked.length === all.length;
    head.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
  add(listing, ticked);
  const word = listing.querySelector("[data-selected]");
  if (word) word.textContent = (ticked.length === 1 ? word.dataset.one : word.dataset.many).replace("{n}", ticked.length);
}

/* Sums are added in cents, as whole numbers. */
function add(listing, ticked) {
  for (const sum of listing.querySelectorAll("[data-sum]")) {
    const cents = ticked.map((box) => {
      const cell = box.closest("tr").querySelectorAll("td:not(.sel-c)")[sum.dataset.sum];
      return Math.round(parseFloat(cell.textContent.replaceAll(",", "")) * 100) || 0;
    });
    const total = cents.reduce((one, other) => one + other, 0) / 100;
    sum.querySelector("b").textContent = total.toLocaleString("en", { minimumFractionDigits: 2 });
    sum.hidden = ticked.length === 0;
  }
}

let last = null;
function range(listing, box) {
  const all = boxes(listing);
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const listing = event.target.closest("[data-listing]");
  if (!listing) return;
  if (event.target.matches('input[name="pk"]')) {
    if (event.shiftKey && last) range(listing, event.target);
    last = event.target;
  } else if (event.target.matches("[data-select-all]")) {
    for (const box of boxes(listing)) box.checked = event.target.checked;
  } else if (event.target.closest("[data-unselect]")) {
    for (const box of boxes(listing)) box.checked = false;
  } else return;
  count(listing);
});

function ready() {
  for (const listing of document.querySelectorAll("[data-listing]")) {
    listing.querySelector("[data-unselect]")?.removeAttribute("hidden");
    count(listing);
  }
}
ready();
document.body.addEventListener("htmx:afterSettle", ready);

/* The search box is part of what is swapped: what was typed while the answer was on its way must not be lost. */
let typed = null;
document.body.addEventListener("htmx:beforeSwap", () => {
  const box = document.getElementById("listing-q");
  typed = box && box === document.activeElement ? { value: box.value, at: box.selectionStart } : null;
});
document.body.addEventListener("htmx:afterSettle", () => {
  const box = typed && document.getElementById("listing-q");
  if (!box) return;
  const late = box.value !== typed.value;
  box.value = typed.value;
  box.focus();
  box.setSelectionRange(typed.at, typed.at);
  typed = null;
  if (late) box.dispatchEvent(new Event("input", { bubbles: true }));
});
addEventListener("pageshow", ready);
