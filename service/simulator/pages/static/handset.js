// One handset: its face, its messages, and the field to write in.

const colours = ["#0f5f63", "#6b3fa0", "#8a4b08", "#1f5fae", "#9c2f5a", "#3c6e1f"];

export function createHandset(phone, refresh, say) {
  const handset = document.getElementById("handset").content.firstElementChild.cloneNode(true);
  handset.dataset.number = phone.number;
  handset.querySelector(".face").style.background = colours[Number(phone.number.slice(-2)) % colours.length] ?? colours[0];
  handset.querySelector(".face").style.color = "#ffffff";
  handset.querySelector(".number").textContent = spaced(phone.number);
  const field = handset.querySelector("textarea");
  const form = handset.querySelector(".write");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = field.value;
    if (!body.trim()) return;
    const result = await post(`/phones/${encodeURIComponent(phone.number)}/send`, { body });
    if (result.error) return say(result.error, true);
    field.value = "";
    grow(field);
    await refresh();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  field.addEventListener("input", () => grow(field));
  handset.querySelector("[name=line]").addEventListener("change", async (event) => {
    await post(`/phones/${encodeURIComponent(phone.number)}`, { line: event.target.value });
    handset.querySelector(".options").open = false;
    await refresh();
  });
  handset.querySelector("[name=answering]").addEventListener("change", async (event) => {
    await post(`/phones/${encodeURIComponent(phone.number)}`, { answering: event.target.value });
    handset.querySelector(".options").open = false;
  });
  handset.querySelector(".ring").addEventListener("click", async () => {
    const result = await post(`/phones/${encodeURIComponent(phone.number)}/call`, {});
    if (result.error) say(result.error, true);
    await refresh();
  });
  return handset;
}

export function updateHandset(handset, phone) {
  const name = phone.name || "Unnamed phone";
  write(handset.querySelector("h3"), name);
  write(handset.querySelector(".face"), initials(phone.name));
  handset.setAttribute("aria-label", `${name}'s phone`);
  write(handset.querySelector(".write .unseen"), `Text from ${name} to the clinic`);
  handset.querySelector(".frame").setAttribute("aria-label", `Messages on ${name}'s phone`);
  write(handset.querySelector(".ring .unseen"), `Call the clinic from ${name}'s phone`);
  for (const field of ["line", "answering"]) {
    const select = handset.querySelector(`[name=${field}]`);
    if (document.activeElement !== select) select.value = phone[field];
  }
  write(handset.querySelector(".badges"), badges(phone));
}

export function addText(handset, text, zone, isFresh) {
  const log = handset.querySelector(".log");
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const at = new Date(text.at);
  startDay(log, at, zone);
  const bubble = element("li", `bubble ${text.way}${isFresh ? " fresh" : ""}`, "");
  bubble.append(element("span", "unseen", text.way === "sent" ? "Sent: " : "Received: "), text.body);
  for (const _ of text.media) bubble.append(element("span", "attached", "Picture attached"));
  bubble.append(timeOf(text.at, zone));
  log.append(bubble);
  if (wasAtEnd || text.way === "sent") log.scrollTop = log.scrollHeight;
  if (isFresh && text.way === "received") buzz(handset);
}

function buzz(handset) {
  handset.classList.remove("buzzing");
  void handset.offsetWidth;
  handset.classList.add("buzzing");
}

export function startDay(log, at, zone) {
  const day = new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "long", month: "short", day: "numeric" }).format(at);
  if (log.dataset.day === day) return;
  log.append(element("li", "date", day));
  log.dataset.day = day;
}

export function timeOf(at, zone) {
  const time = element("time", "", new Intl.DateTimeFormat("en-US", { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(new Date(at)));
  time.dateTime = at;
  return time;
}

export async function post(path, fields) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });
    return await answer.json();
  } catch {
    return { error: "The simulator does not answer. Is it still running?" };
  }
}

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

// An unchanged text is left alone so that screen readers and selections are not disturbed by the poll.
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function badges(phone) {
  const lines = { off: "Switched off", landline: "Landline: takes no texts", blocked: "Refuses texts", gone: "Disconnected" };
  const said = [];
  if (lines[phone.line]) said.push(lines[phone.line]);
  if (phone.opted_out_of.length) said.push("Opted out of texts");
  return said.join(" · ");
}

function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words.length ? words.slice(0, 2).map((word) => word[0].toUpperCase()).join("") : "?";
}

function spaced(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 110)}px`;
}
