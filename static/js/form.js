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
/* Whoever signs out leaves nothing behind, not even what is still being written down. */
let leaving = false;
function forget() {
  leaving = true;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}

const kept = (control) =>
  control.name && control.name !== "csrfmiddlewaretoken" && !["password", "file", "submit", "button"].includes(control.type);

/* What a searching pick-list shows for the value it holds. */
const wordOf = (control) => control.tomselect?.options[control.value]?.text ?? control.dataset.pickText;

function values(form) {
  const found = [];
  for (const control of form.elements) {
    if (!kept(control)) continue;
    if (control.type === "checkbox" || control.type === "radio") found.push([control.name, control.value, control.checked]);
    else if (control.type === "select-multiple") found.push([control.name, [...control.selectedOptions].map((o) => o.value)]);
    else found.push([control.name, control.value, undefined, wordOf(control)]);
  }
  return found;
}

function fill(form, saved) {
  const seen = new Map();
  for (const [name, value, checked, word] of saved) {
    const all = [...form.elements].filter((control) => control.name === name);
    if (typeof checked === "boolean") {
      const box = all.find((control) => control.value === value);
      if (box) box.checked = checked;
    } else {
      const at = seen.get(name) ?? 0;
      seen.set(name, at + 1);
      const control = all[at];
      if (!control) continue;
      if (Array.isArray(value)) for (const option of control.options) option.selected = value.includes(option.value);
      else control.value = value;
      if (word) control.dataset.pickText = word;
      control.tomselect?.sync();
    }
  }
}

/* Compared without the words, which a pick-list learns later than its value. */
const bare = (list) => JSON.stringify(list.map(([name, value, checked]) => [name, value, checked ?? null]));
/* A form that came back knows only the values of its pick-lists: the draft still knows their words. */
function lendWords(form, saved) {
  for (const [name, value, , word] of saved) {
    const control = word ? [...form.elements].find((each) => each.name === name && each.value === value) : null;
    if (control) control.dataset.pickText ||= word;
  }
}

const same = (one, other) => bare(one) === bare(other);

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
  if (form.hasAttribute("data-returned")) {
    lendWords(form, saved?.values ?? []);
    write(key, { values: values(form) });
  } else if (saved && !same(saved.values, fresh)) {
    fill(form, saved.values);
    if (!same(values(form), fresh)) offerBack(form, key);
  }
  let timer = 0;
  const store = () => {
    clearTimeout(timer);
    if (!leaving) write(key, { values: values(form) });
  };
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
  if (document.querySelector("[data-lone], [data-error-page]")) return;
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

/* The browser says "choose file" in its own language; the page says it in the reader's, over the same control. */
function face(input) {
  const words = document.getElementById("word-file");
  if (!words) return;
  input.dataset.faced = "";
  const frame = document.createElement("span");
  frame.className = "file";
  input.replaceWith(frame);
  frame.append(input, words.content.cloneNode(true));
  const name = frame.querySelector("[data-none]");
  const show = () => {
    name.textContent = [...input.files].map((file) => file.name).join(", ") || name.dataset.none;
  };
  input.addEventListener("change", show);
  show();
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
  for (const input of root.querySelectorAll("input[type=file]:not([data-faced])")) face(input);
  for (const form of root.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", forget);
}

settle();
ready(document);
document.querySelector("[data-focus]")?.focus();
document.body.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement ?? event.detail.elt));
document.body.addEventListener("htmx:afterRequest", release);
addEventListener("pageshow", release);
