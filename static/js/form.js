/* Forms: one save per click, nothing typed is lost. What is typed into form[data-draft] is kept in this tab until the
   server has saved it: it survives a failed save, a reload and a sign-in in between. Passwords and files are never kept. */
const PREFIX = "draft:";
const member = document.body.dataset.member ?? "";
const here = location.pathname;

const keyOf = (form) => `${PREFIX}${member}:${form.dataset.draft || here}`;
const read = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
};
const write = (key, value) => {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* A full or forbidden store must not get in the way of typing. */
  }
};
const kept = (control) =>
  control.name && control.name !== "csrfmiddlewaretoken" && !["password", "file", "submit", "button"].includes(control.type);

function values(form) {
  const found = [];
  for (const control of form.elements) {
    if (!kept(control)) continue;
    if (control.type === "checkbox" || control.type === "radio") found.push([control.name, control.value, control.checked]);
    else if (control.type === "select-multiple") found.push([control.name, [...control.selectedOptions].map((o) => o.value)]);
    else found.push([control.name, control.value]);
  }
  return found;
}

function fill(form, saved) {
  const seen = new Map();
  for (const [name, value, checked] of saved) {
    const all = [...form.elements].filter((control) => control.name === name);
    if (checked !== undefined) {
      const box = all.find((control) => control.value === value);
      if (box) box.checked = checked;
    } else {
      const at = seen.get(name) ?? 0;
      seen.set(name, at + 1);
      const control = all[at];
      if (!control) continue;
      if (Array.isArray(value)) for (const option of control.options) option.selected = value.includes(option.value);
      else control.value = value;
      control.tomselect?.sync();
    }
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function offerBack(form, key) {
  const words = document.getElementById("word-restored");
  if (!words) return;
  const note = words.content.firstElementChild.cloneNode(true);
  note.querySelector("[data-discard]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    location.reload();
  });
  note.classList.add("form-note");
  form.prepend(note);
}

function keep(form) {
  const key = keyOf(form);
  const saved = read(key);
  const fresh = values(form);
  if (form.hasAttribute("data-returned")) write(key, { values: fresh });
  else if (saved && !same(saved.values, fresh)) {
    fill(form, saved.values);
    if (!same(values(form), fresh)) offerBack(form, key);
  }
  let timer = 0;
  const store = () => write(key, { values: values(form) });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, 250);
  });
  form.addEventListener("change", store);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    write(key, { values: values(form), sent: here });
  });
}

/* A sent draft is done with when the next page is a different page of the product, or the same one saying it is saved. */
function settle() {
  if (document.body.hasAttribute("data-lone")) return;
  const said = document.querySelector("#messages .callout.ok") !== null;
  const back = document.querySelector("form[data-returned]") !== null;
  for (const key of Object.keys(sessionStorage)) {
    const draft = key.startsWith(PREFIX) ? read(key) : null;
    if (draft?.sent && (said || (draft.sent !== here && !back))) sessionStorage.removeItem(key);
  }
}

function guard(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const buttons = document.querySelectorAll(`button[form="${form.id}"]`);
    for (const button of [...form.querySelectorAll("button[type=submit]"), ...(form.id ? buttons : [])]) {
      button.setAttribute("aria-disabled", "true");
    }
  });
}

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

function ready(root) {
  for (const form of root.querySelectorAll("form[data-draft]:not([data-kept])")) {
    form.dataset.kept = "";
    keep(form);
  }
  for (const form of root.querySelectorAll("form[data-guard]:not([data-guarded])")) {
    form.dataset.guarded = "";
    guard(form);
  }
  for (const form of root.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    });
  }
}

settle();
ready(document);
document.querySelector("[data-focus]")?.focus();
document.body.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement ?? event.detail.elt));
document.body.addEventListener("htmx:afterRequest", release);
addEventListener("pageshow", release);
