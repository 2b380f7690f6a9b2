// A call on a handset: it rings, is answered or not, is heard and spoken into, and leaves a line in the history.

import { element, post, startDay, timeOf, write } from "/static/handset.js";

const over = ["completed", "busy", "failed", "no-answer", "canceled"];

export function drawCalls(handsets, calls, refresh, say) {
  for (const call of calls) {
    const handset = handsets.get(call.number);
    if (!handset) continue;
    const shown = handset.querySelector(".call");
    if (over.includes(call.status)) {
      if (shown?.dataset.sid === call.sid) close(handset, shown);
      continue;
    }
    update(shown ?? open(handset, call, refresh, say), call);
  }
}

function open(handset, call, refresh, say) {
  const sheet = document.getElementById("call").content.firstElementChild.cloneNode(true);
  sheet.dataset.sid = call.sid;
  sheet.setAttribute("aria-label", "Call");
  const act = async (doing, fields = {}) => {
    const result = await post(`/calls/${sheet.dataset.sid}/${doing}`, fields);
    if (result.error) say(result.error, true);
    await refresh();
  };
  for (const button of sheet.querySelectorAll("[data-do]")) button.addEventListener("click", () => act(button.dataset.do));
  for (const key of "123456789*0#") {
    const button = element("button", "", key);
    button.type = "button";
    button.setAttribute("aria-label", { "*": "star", "#": "pound" }[key] ?? key);
    button.addEventListener("click", () => act("press", { keys: key }));
    sheet.querySelector(".keys").append(button);
  }
  const form = sheet.querySelector(".speech");
  form.confidence.addEventListener("input", () => write(form.querySelector("b"), `${form.confidence.value}%`));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = form.text.value.trim();
    if (!text) return;
    form.text.value = "";
    await act("speak", { text, confidence: Number(form.confidence.value) / 100 });
  });
  handset.append(sheet);
  handset.classList.add("calling");
  return sheet;
}

function close(handset, sheet) {
  const hadFocus = sheet.contains(document.activeElement);
  sheet.remove();
  handset.classList.remove("calling");
  if (hadFocus) handset.querySelector("textarea").focus();
}

function update(sheet, call) {
  sheet.dataset.sid = call.sid;
  const rings = call.status === "ringing" && call.direction !== "inbound";
  sheet.dataset.phase = rings ? "ringing" : call.voicemail ? "voicemail" : "talking";
  write(sheet.querySelector(".state"), state(call, rings));
  const talk = sheet.querySelector(".talk");
  for (const line of call.heard.slice(talk.children.length)) {
    talk.append(transcriptLine(line));
    if (line.who === "clinic" && !call.voicemail) speakAloud(line);
    talk.scrollTop = talk.scrollHeight;
  }
}

function state(call, rings) {
  if (rings) return call.direction === "outbound-dial" ? "A patient is being connected" : "The clinic is calling";
  if (call.status === "ringing") return "Calling the clinic…";
  if (call.voicemail) return "Voicemail is taking a message";
  if (call.connected_to) return "Connected";
  if (call.asking) return call.asking.speech ? "The clinic is listening" : "The clinic waits for a key";
  return "On the phone with the clinic";
}

function transcriptLine(line) {
  const who = { clinic: "Clinic: ", caller: "You: ", other: "Other end: ", network: "" }[line.who];
  const row = element("li", line.who, "");
  row.lang = line.language;
  row.append(element("span", "unseen", who), line.text);
  return row;
}

function speakAloud(line) {
  if (!document.getElementById("aloud").checked || !("speechSynthesis" in window)) return;
  const utterance = new SpeechSynthesisUtterance(line.text);
  utterance.lang = line.language;
  speechSynthesis.speak(utterance);
}

export function addCall(handset, call, zone) {
  const log = handset.querySelector(".log");
  startDay(log, new Date(call.ended), zone);
  const entry = element("li", "past-call", "");
  const summary = element("span", "", summaryOf(call));
  entry.append(summary, timeOf(call.ended, zone));
  if (call.heard.length) {
    const details = document.createElement("details");
    const lines = element("ol", "talk", "");
    lines.append(...call.heard.map(transcriptLine));
    details.append(element("summary", "", call.voicemail ? "Listen to the message" : "What was said"), lines);
    entry.append(details);
  }
  log.append(entry);
  log.scrollTop = log.scrollHeight;
}

function summaryOf(call) {
  if (call.voicemail) return "Voicemail from the clinic";
  if (call.status === "completed") return `${call.direction === "inbound" ? "Called the clinic" : "Call from the clinic"}, ${lasted(call.seconds)}`;
  if (call.status === "busy") return call.direction === "inbound" ? "The clinic was busy" : "Call declined";
  return call.direction === "inbound" ? "Call to the clinic did not get through" : "Missed call from the clinic";
}

function lasted(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
