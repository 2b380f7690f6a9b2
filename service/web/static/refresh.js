// Keeps the marked regions of a page up to date; without it, the page is as true as its last reload.
"use strict";

const EVERY_MILLISECONDS = 5000;
// A form that was refused stands at an address that can't be asked again; the page says where it can.
const address = () => document.body.dataset.address || location.href;
const regions = () => document.querySelectorAll("[data-refresh]");

// A region with a version is replaced when that changes; one without, when its content does.
const differs = (old, fresh) =>
  old.dataset.version === undefined ? old.innerHTML !== fresh.innerHTML : old.dataset.version !== fresh.dataset.version;

const isFilledIn = (field) =>
  field.matches("select") ? !field.options[field.selectedIndex].defaultSelected && field.selectedIndex > 0 : field.value !== field.defaultValue;

// What somebody is typing, or has typed, stays until it is sent.
const isBusy = (region) =>
  [...region.querySelectorAll("input, select, textarea")].some((field) => field === document.activeElement || isFilledIn(field));

function update(page) {
  for (const old of regions()) {
    const fresh = page.getElementById(old.id);
    if (!fresh || !differs(old, fresh) || isBusy(old)) continue;
    old.innerHTML = fresh.innerHTML;
    if (fresh.dataset.version !== undefined) old.dataset.version = fresh.dataset.version;
  }
}

function setStale(isStale) {
  const stale = document.getElementById("stale");
  if (isStale && stale.hidden) stale.querySelector("span").textContent = new Date().toLocaleTimeString();
  stale.hidden = !isStale;
}

async function refresh() {
  try {
    const answer = await fetch(address(), { cache: "no-store", signal: AbortSignal.timeout(2 * EVERY_MILLISECONDS) });
    if (answer.redirected) return location.reload();
    if (answer.ok) update(new DOMParser().parseFromString(await answer.text(), "text/html"));
    setStale(!answer.ok);
  } catch {
    setStale(true);
  }
  setTimeout(refresh, EVERY_MILLISECONDS);
}

if (regions().length > 0 && document.getElementById("stale")) setTimeout(refresh, EVERY_MILLISECONDS);
