/** What the gateway says about the request; null where the platform has no tenants. */
export interface Visitor {
  readonly tenant: string | null;
  readonly tier: string | null;
  readonly isolation: string | null;
  /** Who asks; null for a visitor without a token, as every browser is that opens the page. */
  readonly subject: string | null;
}

const meanings: Readonly<Record<string, string>> = {
  pool: "Rows in shared tables. The database lets this host see its own and no others.",
  bridge: "A schema of its own in the shared database.",
  silo: "A database of its own, and a service of its own.",
};

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

export function page({ tenant, tier, isolation, subject }: Visitor): string {
  const name = escapeHtml(tenant ?? "No tenant");
  const meaning =
    isolation === null || !Object.hasOwn(meanings, isolation)
      ? "This host belongs to nobody."
      : (meanings[isolation] ?? "");
  const visitor = subject === null ? "" : `\n    <div><dt>Visitor</dt><dd>${escapeHtml(subject)}</dd></div>`;
  const command = `tenantry token ${tenant ?? "<tenant>"}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name} · Notes</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%233f6fd8'/%3E%3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='white' stroke-width='1.5'/%3E%3C/svg%3E">
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#notes-heading">Skip to the notes</a>
<header>
  <p class="eyebrow">Tenant</p>
  <h1>${name}</h1>
  <dl class="facts">
    <div><dt>Tier</dt><dd>${escapeHtml(tier ?? "none")}</dd></div>
    <div><dt>Isolation</dt><dd>${escapeHtml(isolation ?? "none")}</dd></div>${visitor}
  </dl>
  <p class="meaning">${escapeHtml(meaning)}</p>
</header>
<main>
  <section class="card" aria-labelledby="access-heading">
    <h2 id="access-heading">Access</h2>
    <form id="access">
      <label for="token">Access token</label>
      <p class="hint" id="token-hint">Print one with <code>${escapeHtml(command)}</code>. It stays in this tab.</p>
      <div class="line">
        <input id="token" type="password" autocomplete="off" spellcheck="false" aria-describedby="token-hint" required>
        <button type="submit">Use token</button>
        <button type="button" class="quiet" id="forget" hidden>Forget it</button>
      </div>
    </form>
  </section>
  <div id="problem" class="problem" role="alert" hidden></div>
  <section class="card" aria-labelledby="notes-heading">
    <div class="title"><h2 id="notes-heading" tabindex="-1">Notes</h2><span id="count" class="count" aria-live="polite"></span></div>
    <form id="add">
      <label for="text">New note</label>
      <div class="line">
        <input id="text" maxlength="500" autocomplete="off" required disabled>
        <button type="submit" disabled>Add</button>
      </div>
    </form>
    <p id="empty" class="empty">Paste a token above to see the notes of this tenant.</p>
    <ul id="notes" class="notes"></ul>
    <button type="button" class="quiet" id="more" hidden>Show more</button>
  </section>
</main>
<noscript><p class="problem">This page talks to the API from the browser and needs JavaScript.</p></noscript>
<footer>Served by <code>app/server.ts</code>. The same page at another tenant's host shows that tenant's notes.</footer>
<script type="module">${pageScript}</script>
</body>
</html>
`;
}

export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b2330; --soft: #5a6678; --paper: #f5f6f8; --card: #fff; --line: #dfe3ea; --accent: #2f5fc4; --on-accent: #fff; --bad: #a4262c; --bad-paper: #fdf1f1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf1; --soft: #9ba7b9; --paper: #12161d; --card: #1a2029; --line: #2e3744; --accent: #8fb2ff; --on-accent: #10182a; --bad: #ff9a9a; --bad-paper: #2c1a1d; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 44rem; padding: clamp(1.5rem, 5vw, 4rem) 1.25rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { margin: 0; font-size: clamp(1.9rem, 6vw, 2.8rem); line-height: 1.1; letter-spacing: -.02em; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 1.1rem; }
.eyebrow { margin: 0 0 .25rem; color: var(--soft); font-size: .85rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 .75rem; }
.facts div { display: flex; gap: .4rem; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 999px; background: var(--card); font-size: .9rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; font-weight: 600; }
.meaning, .hint, .empty, footer { color: var(--soft); }
.meaning { margin: 0 0 2rem; }
.hint { margin: 0 0 .5rem; font-size: .9rem; }
.card { margin: 0 0 1.25rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.card form { margin-top: .75rem; }
label { display: block; margin-bottom: .3rem; font-weight: 600; font-size: .92rem; }
.line { display: flex; flex-wrap: wrap; gap: .5rem; }
input { flex: 1 1 14rem; min-width: 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 9px; background: var(--paper); color: inherit; font: inherit; }
button { padding: .6rem 1rem; border: 1px solid transparent; border-radius: 9px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { border-color: var(--line); background: transparent; color: var(--ink); }
button:disabled, input:disabled { opacity: .55; cursor: not-allowed; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.title { display: flex; align-items: baseline; justify-content: space-between; }
.count { color: var(--soft); font-size: .9rem; }
.notes { margin: 1rem 0 0; padding: 0; list-style: none; }
.notes li { padding: .75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-wrap; }
.notes time { display: block; color: var(--soft); font-size: .82rem; }
.problem { margin: 0 0 1.25rem; padding: .9rem 1.1rem; border: 1px solid var(--bad); border-radius: 14px; background: var(--bad-paper); }
.problem strong { display: block; color: var(--bad); }
.problem code { color: var(--soft); }
footer { font-size: .85rem; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; }
`;

/** Runs in the browser. Everything that comes from the API is set as text, never as markup. */
export const pageScript = `
const collection = "/v2/documents/notes";
const storageKey = "tenantry.token";
const byId = (id) => document.getElementById(id);
const [access, token, forget, add, text, notes, empty, more, count, problem] =
  ["access", "token", "forget", "add", "text", "notes", "empty", "more", "count", "problem"].map(byId);
let nextCursor = null;

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: "application/json", authorization: "Bearer " + sessionStorage.getItem(storageKey), ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw { title: "The platform does not answer", detail: "Is it still running?", code: "" };
  }
  const content = await response.json().catch(() => null);
  if (response.ok && content !== null) return content;
  throw { title: content?.title ?? "HTTP " + response.status, detail: content?.detail ?? "", code: content?.code ?? "" };
}

function showProblem(found) {
  problem.replaceChildren();
  problem.hidden = found === null;
  if (found === null) return;
  const title = document.createElement("strong");
  title.textContent = String(found.title ?? "Something went wrong");
  problem.append(title, document.createTextNode(String(found.detail ?? found.message ?? "") + " "));
  if (found.code) {
    const code = document.createElement("code");
    code.textContent = String(found.code);
    problem.append(code);
  }
}

function noteItem(resource) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = resource.createdAt;
  time.textContent = new Date(resource.createdAt).toLocaleString();
  item.append(document.createTextNode(typeof resource.body?.text === "string" ? resource.body.text : JSON.stringify(resource.body)), time);
  return item;
}

function showCount() {
  const shown = notes.childElementCount;
  count.textContent = shown === 0 ? "" : shown + (nextCursor === null ? "" : "+") + (shown === 1 ? " note" : " notes");
  empty.hidden = shown > 0;
  more.hidden = nextCursor === null;
}

async function load(cursor) {
  const page = await call("GET", collection + (cursor === null ? "" : "?cursor=" + encodeURIComponent(cursor)));
  if (cursor === null) notes.replaceChildren();
  notes.append(...page.items.map(noteItem));
  nextCursor = page.nextCursor;
  empty.textContent = "No notes yet. The first one is yours.";
  showCount();
}

async function attempt(work) {
  try {
    await work();
    showProblem(null);
  } catch (found) {
    showProblem(found);
  }
}

function setOpen(isOpen) {
  for (const field of add.querySelectorAll("input, button")) field.disabled = !isOpen;
  forget.hidden = !isOpen;
  if (isOpen) return;
  nextCursor = null;
  notes.replaceChildren();
  empty.textContent = "Paste a token above to see the notes of this tenant.";
  showCount();
}

async function open() {
  setOpen(false);
  await attempt(async () => {
    await load(null);
    setOpen(true);
    text.focus();
  });
}

access.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(storageKey, token.value.trim());
  token.value = "";
  void open();
});
forget.addEventListener("click", () => {
  sessionStorage.removeItem(storageKey);
  setOpen(false);
  showProblem(null);
  token.focus();
});
add.addEventListener("submit", (event) => {
  event.preventDefault();
  void attempt(async () => {
    await call("POST", collection, { body: { text: text.value } });
    text.value = "";
    await load(null);
    text.focus();
  });
});
more.addEventListener("click", () => void attempt(() => load(nextCursor)));
if (sessionStorage.getItem(storageKey) !== null) void open();
`;
