// The plain chat page: sends what is typed or pressed to the rest channel and shows the replies as text, never as markup.
"use strict";

const PATIENCE_MS = 60_000;

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
  const words = element("div", { className: "words" });
  for (const part of text.split(/\n\n+/)) {
    words.append(element("p", { className: /^Source: |not legal advice\.$/.test(part) ? "source" : "", textContent: part }));
  }
  const speaker = element("p", { className: "speaker", textContent: who === "mine" ? "You" : "Aftercare" });
  const turn = element("div", { className: "turn " + who }, speaker, words);
  if (buttons && buttons.length) turn.append(choices(buttons));
  log.append(turn);
  return turn;
}

function choices(buttons) {
  const group = element("div", { className: "choices" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Choices");
  for (const button of buttons) {
    const made = element("button", { type: "button", textContent: button.title });
    made.addEventListener("click", () => {
      if (waiting) return;
      mark(made, true);
      say(button.payload, button.title, () => mark(made, false));
    });
    group.append(made);
  }
  return group;
}

// A used button stays, to be found again and pressed again.
function mark(button, used) {
  button.classList.toggle("used", used);
  if (used) button.setAttribute("aria-label", button.textContent + ", asked");
  else button.removeAttribute("aria-label");
}

function wait(now, words, problem = false) {
  waiting = now;
  send.disabled = now;
  status.textContent = words;
  status.classList.toggle("problem", problem);
}

// Sends a message. What could not be sent leaves the conversation, and takeBack returns it to where it came from.
async function say(message, shown, takeBack) {
  const sender = conversation;
  wait(true, "Aftercare is typing");
  const question = show("mine", shown);
  toTop(question);
  try {
    const response = await fetch("/webhooks/rest/webhook", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender, message }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(String(response.status));
    const replies = await response.json();
    if (sender !== conversation) return; // started again meanwhile
    for (const reply of replies) show("tutor", reply.text || "", reply.buttons);
    toTop(question);
    wait(false, "");
  } catch (error) {
    if (sender !== conversation) return;
    question.remove();
    takeBack();
    const lost = error instanceof TypeError; // how fetch reports a lost network
    const words = lost ? "That was not sent. Check your connection and try again." : "Aftercare could not answer. Try again in a moment.";
    wait(false, words, true);
  }
}

// As far as there is something to scroll: a short exchange stays at the bottom, a long reply is read from its beginning.
function toTop(turn) {
  turn.scrollIntoView({ block: "start" });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text || waiting) return;
  box.value = "";
  box.focus();
  say(text, text, () => {
    box.value = box.value ? text + "\n" + box.value : text;
  });
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.getElementById("restart").addEventListener("click", () => {
  conversation = newConversation();
  wait(false, "");
  log.replaceChildren();
  greet();
  box.focus();
});

function greet() {
  show("tutor", "Hello. I am Aftercare. Ask me anything about customer service after a sale, in your own words.", [
    { title: "What is LATER?", payload: "ask:later-model.what" },
    { title: "30-day right to reject", payload: "ask:cra-right-to-reject.what" },
    { title: "Work out an NPS", payload: "ask:net-promoter-score.example" },
    { title: "What can you do?", payload: "do:capabilities" },
  ]);
}

greet();
