/** The interview room: saves drafts, sends once, shows the next question in place, and tells the time. */

const room = document.getElementById("room");
const SAVE_AFTER = 2000;
const LOOK_AGAIN = 2000;
let saveTimer = 0;
let clockTimer = 0;
let saved = "";
let saving = false;

const form = () => room.querySelector("[data-room-form]");
const say = (text) => {
  const line = room.querySelector("[data-saved]");
  if (line) line.textContent = text;
};

async function post(url, body, options = {}) {
  return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, ...options });
}

function draftBody(current) {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "turn"]) body.set(name, current.elements[name].value);
  body.set("text", current.elements.response_text.value);
  return body;
}

async function saveDraft() {
  saveTimer = 0;
  const current = form();
  if (!current || saving || current.elements.response_text.value === saved) return;
  const text = current.elements.response_text.value;
  saving = true;
  try {
    const response = await post(current.dataset.draftUrl, draftBody(current));
    if (response.ok) {
      saved = text;
      say("Draft saved.");
    } else if (response.status === 400) {
      say("This is too long to be saved. Shorten it a little.");
    } else {
      say("This question is closed. Reload the page to go on; copy your text first.");
    }
  } catch {
    say("No connection. Your text stays here and is saved as soon as it is back.");
  }
  saving = false;
  if (form() === current && current.elements.response_text.value !== saved) planSave();
}

function planSave() {
  if (!saveTimer) saveTimer = setTimeout(saveDraft, SAVE_AFTER);
}

function leave() {
  const current = form();
  if (current && current.elements.response_text.value !== saved) {
    post(current.dataset.draftUrl, draftBody(current), { keepalive: true }).catch(() => {});
  }
}

function show(html) {
  room.innerHTML = html;
  begin();
  (room.querySelector("[role=alert]") ? room.querySelector("textarea") : room.querySelector("#question"))?.focus();
  window.scrollTo({ top: 0 });
}

async function send(event) {
  event.preventDefault();
  const current = form();
  if (current.getAttribute("aria-busy") === "true") return;
  const body = new FormData(current, event.submitter);
  current.setAttribute("aria-busy", "true");
  clearTimeout(saveTimer);
  say("Sending…");
  try {
    const response = await post(current.action, body);
    const html = await response.text();
    if (response.redirected || !html.includes("id=\"question\"")) window.location.reload();
    else show(html);
  } catch {
    current.removeAttribute("aria-busy");
    say("No connection. Nothing is lost: send it again when it is back.");
    planSave();
  }
}

async function look() {
  const response = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (response?.ok) show(await response.text());
  else setTimeout(look, LOOK_AGAIN);
}

function startClock() {
  clearInterval(clockTimer);
  const timer = room.querySelector("[data-seconds-left]");
  if (!timer) return;
  const end = Date.now() + Number(timer.dataset.secondsLeft) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    const minutes = Math.floor(left / 60);
    timer.querySelector("[data-timer]").textContent = left
      ? `${minutes}:${String(left % 60).padStart(2, "0")} left`
      : "The time is over. Send what you have.";
    if (!left) clearInterval(clockTimer);
  };
  tick();
  clockTimer = setInterval(tick, 1000);
}

function begin() {
  const current = form();
  saved = current ? current.elements.response_text.value : "";
  current?.addEventListener("submit", send);
  current?.elements.response_text.addEventListener("input", planSave);
  startClock();
  if (room.querySelector("[data-room-working]")) setTimeout(look, LOOK_AGAIN);
}

document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
window.addEventListener("online", planSave);
begin();
