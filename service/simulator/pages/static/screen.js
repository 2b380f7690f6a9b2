// Keeps the page in step with the simulator: polls once a second and draws what is new.

import { addCall, drawCalls } from "/static/call.js";
import { createHandset, updateHandset, addText } from "/static/handset.js";

const handsets = new Map();
const clock = { ahead: 0, zone: "UTC" };
let last = 0;
let ended = 0;
let polling = false;

async function poll() {
  if (polling) return;
  polling = true;
  try {
    const answer = await fetch(`/screen?after=${last}&ended=${ended}`);
    draw(await answer.json());
    document.body.classList.remove("lost");
  } catch {
    document.body.classList.add("lost");
    say("The simulator does not answer. Is it still running?", true);
  } finally {
    polling = false;
  }
}

function draw(screen) {
  clock.ahead = Date.parse(screen.now) - Date.now();
  clock.zone = screen.zone;
  for (const phone of screen.phones) drawPhone(phone);
  const isFresh = last > 0 || ended > 0;
  const news = [
    ...screen.texts.map((text) => [text.at, text.number, (handset) => addText(handset, text, clock.zone, isFresh)]),
    ...screen.over.map((call) => [call.ended, call.number, (handset) => addCall(handset, call, clock.zone)]),
  ];
  news.sort((one, other) => Date.parse(one[0]) - Date.parse(other[0]));
  for (const [, number, add] of news) if (handsets.has(number)) add(handsets.get(number));
  last = screen.last;
  ended = screen.ended;
  drawCalls(handsets, [...screen.live, ...screen.over], poll, say);
  drawAlerts(screen);
  tick();
}

function drawPhone(phone) {
  const shelf = document.getElementById(phone.role === "staff" ? "staff" : "patients");
  if (!handsets.has(phone.number)) handsets.set(phone.number, createHandset(phone, poll, say));
  const handset = handsets.get(phone.number);
  if (handset.parentElement !== shelf) shelf.append(handset);
  updateHandset(handset, phone);
}

function drawAlerts(screen) {
  const count = document.getElementById("alert-count");
  count.textContent = screen.alert_count;
  count.classList.toggle("some", screen.alert_count > 0);
  const list = document.getElementById("alerts");
  list.replaceChildren(...screen.alerts.map((alert) => {
    const row = document.createElement("li");
    const code = document.createElement("b");
    code.textContent = `${alert.code} `;
    row.append(code, `${alert.text} ${alert.url}`);
    return row;
  }));
}

function tick() {
  const now = new Date(Date.now() + clock.ahead);
  const shown = (options) => new Intl.DateTimeFormat("en-US", { timeZone: clock.zone, ...options }).format(now);
  const time = document.getElementById("clock");
  time.textContent = shown({ hour: "numeric", minute: "2-digit", second: "2-digit" });
  time.dateTime = now.toISOString();
  document.getElementById("day").textContent = shown({ weekday: "short", month: "short", day: "numeric" });
  document.getElementById("zone").textContent = `Clinic time, ${clock.zone.replace("_", " ")}`;
}

export function say(sentence, isWrong = false) {
  const said = document.getElementById("said");
  said.textContent = sentence;
  said.classList.toggle("wrong", isWrong);
}

async function skip(event) {
  const button = event.currentTarget;
  button.disabled = true;
  say("Skipping ahead…");
  try {
    const answer = await fetch("/skip", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    const result = await answer.json();
    say(result.error ?? described(result), Boolean(result.error));
    await poll();
  } catch {
    say("The simulator does not answer. Is it still running?", true);
  } finally {
    button.disabled = false;
  }
}

function described(result) {
  const minutes = Math.round((result.skipped_seconds ?? 0) / 60);
  const span = minutes < 90 ? `${minutes} ${minutes === 1 ? "minute" : "minutes"}` : minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
  const skipped = minutes < 1 ? "Skipped a moment" : `Skipped ${span}`;
  return result.what ? `${skipped}: ${result.what.replace(/\.$/, "")}.` : `${skipped}.`;
}

async function addPhone(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const fields = Object.fromEntries(new FormData(form));
  const answer = await fetch("/phones", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });
  const result = await answer.json();
  if (!answer.ok) return say(result.error, true);
  say(`${fields.name}'s phone is ready.`);
  form.reset();
  await poll();
}

document.getElementById("skip")?.addEventListener("click", skip);
document.getElementById("add").addEventListener("submit", addPhone);
setInterval(poll, 1000);
setInterval(tick, 1000);
poll();
