// Keys for the inbox. Everything they do can be done by links and boxes as well.
"use strict";

const rows = [...document.querySelectorAll("[data-row]")];
const switchBox = document.getElementById("keys-on");
const OFF = "desk-keys-off";

function isTyping(target) {
  return target.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

function current() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function go(step) {
  const at = current();
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[Math.max(0, Math.min(rows.length - 1, next))]?.querySelector("[data-open]").focus();
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  x: () => rows[current()]?.querySelector("[name=pick]").click(),
  "/": () => document.getElementById("words").focus(),
  "?": () => {
    const shown = document.getElementById("keys");
    shown.open = true;
    shown.querySelector("summary").focus();
  },
};

function isOn() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrow && current() >= 0) {
    event.preventDefault();
    go(arrow);
  } else if (isOn() && Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]();
  }
});

switchBox.checked = isOn();
switchBox.addEventListener("change", () => {
  try {
    if (switchBox.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  } catch {
    // Without storage they are on again with the next page.
  }
});
