/* Pick-lists that search. select[data-pick] searches its own options; input[data-pick-url] asks the server
   (GET ?q= answers {"results": [{"id", "text", "sub"}]}) and stays a plain text field without JavaScript. */
const source = document.querySelector('meta[name="pick-assets"]')?.content;
const WANTED = "select[data-pick]:not(.tomselected), input[data-pick-url]:not(.tomselected)";
let library = null;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

const option = (data, escape) =>
  `<div>${escape(data.text ?? data.id)}${data.sub ? `<span class="s">${escape(data.sub)}</span>` : ""}</div>`;
const item = (data, escape) => `<div>${escape(data.text ?? data.id)}</div>`;
const nothing = (words) => (_, escape) => `<div class="no-results">${escape(words ?? "—")}</div>`;

function local(select) {
  return new window.TomSelect(select, {
    maxOptions: null,
    plugins: select.multiple ? ["remove_button"] : [],
    allowEmptyOption: !select.required,
    render: { no_results: nothing(select.dataset.none) },
  });
}

function remote(input) {
  const start = input.value ? [{ id: input.value, text: input.dataset.pickText || input.value }] : [];
  return new window.TomSelect(input, {
    valueField: "id",
    labelField: "text",
    searchField: [],
    maxItems: 1,
    maxOptions: 30,
    options: start,
    items: start.map((each) => each.id),
    loadThrottle: 180,
    closeAfterSelect: true,
    preload: "focus",
    sortField: [{ field: "$order" }],
    load(query, done) {
      const url = new URL(input.dataset.pickUrl, location.href);
      url.searchParams.set("q", query);
      this.clearOptions((each) => this.items.includes(each.id));
      fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { results: [] }))
        .then((answer) => done(answer.results))
        .catch(() => done());
    },
    render: { option, item, no_results: nothing(input.dataset.none), loading: () => null },
  });
}

/* The control that is seen takes over what is said about the one that is hidden. */
function handOver(control, pick) {
  control.setAttribute("aria-hidden", "true");
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    const value = control.getAttribute(name);
    if (value) pick.control_input.setAttribute(name, value);
  }
}

async function ready(root) {
  const wanted = [...root.querySelectorAll(WANTED)];
  if (!wanted.length || !source) return;
  await load();
  for (const control of wanted) {
    if (!control.tomselect) handOver(control, (control.matches("select") ? local : remote)(control));
  }
}

ready(document);
document.body.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement ?? document));
