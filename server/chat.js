// The plain chat page: sends what is typed or pressed to the rest channel and shows the replies as text, never as markup.
"use strict";

const log = document.getElementById("log");
const status = document.getElementById("status");
const form = document.getElementById("form");
const box = document.getElementById("text");
const send = document.getElementById("send");

let conversation = newConversation();
let waiting = false;

function newConversation() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return "web-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function show(who, text, buttons) {
  const words = element("div", { className: "words" }, element("span", { className: "hidden", textContent: who === "mine" ? "You said: " : "Aftercare said: " }));
  for (const part of text.split(/\n\n+/)) {
    words.append(element("p", { className: /^Source: |not legal advice\.$/.test(part) ? "source" : "", textContent: part }));
  }
  const turn = element("div", { className: "turn " + who }, words);
  if (buttons && buttons.length) turn.append(choices(buttons));
  log.append(turn);
  turn.scrollIntoView({ block: "nearest" });
}

function choices(buttons) {
  const group = element("div", { className: "choices" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Choices");
  for (const button of buttons) {
    const made = element("button", { type: "button", textContent: button.title });
    made.addEventListener("click", () => {
      if (waiting) return;
      made.setAttribute("aria-pressed", "true");
      say(button.payload, button.title);
    });
    group.append(made);
  }
  return group;
}

async function say(message, shown) {
  if (waiting) return;
  waiting = true;
  send.disabled = true;
  status.textContent = "Aftercare is typing";
  show("mine", shown);
  try {
    const response = await fetch("/webhooks/rest/webhook", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender: conversation, message }),
    });
    if (!response.ok) throw new Error(String(response.status));
    for (const reply of await response.json()) show("tutor", reply.text || "", reply.buttons);
    status.textContent = "";
  } catch {
    status.textContent = "That was not sent. Check your connection and send it again.";
    if (!box.value && message === shown) box.value = message;
  } finally {
    waiting = false;
    send.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text || waiting) return;
  box.value = "";
  say(text, text);
  box.focus();
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.getElementById("restart").addEventListener("click", () => {
  conversation = newConversation();
  log.replaceChildren();
  greet();
  box.focus();
});

function greet() {
  show("tutor", "Hello. I am Aftercare. Ask me anything about customer service after a sale, in your own words.", [
    { title: "What is LATER?", payload: "ask:later-model.what" },
    { title: "30-day right to reject", payload: "ask:cra-right-to-reject.what" },
    { title: "Work out an NPS", payload: "ask:net-promoter-score.how" },
    { title: "What can you do?", payload: "do:capabilities" },
  ]);
}

greet();
