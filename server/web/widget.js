// Aftercare's chat: <aftercare-chat page> fills a page; without one, a launcher is added.
// What anybody says becomes text nodes only, never markup.
(() => {
"use strict";

const BASE = new URL(".", document.currentScript.src).href;
const NAME = "aftercare-chat";
if (customElements.get(NAME)) return;
const RESTART = "do:start_again";
const TYPING = "Aftercare is typing…";
const MARK = "M4 20l1.2-4A8.3 8.3 0 1 1 8.4 19zM8.5 12l2.5 2.5 4.5-5";

// Where storage is forbidden, a reload forgets.
let kept = {};
try {
	kept = localStorage;
} catch {}
const recall = (key) => JSON.parse(kept[NAME + key + BASE] || null);
const remember = (key, value) => (kept[NAME + key + BASE] = JSON.stringify(value));

// Messages not acknowledged yet; all tabs share them.
const outbox = () => recall("outbox") || [];
const leaveOutbox = (id) => remember("outbox", outbox().filter((message) => message.id !== id));

// Throws a refusal with a `status`, a lost network without.
async function request(path, body, token = "") {
	const response = await fetch(BASE + "api/" + path, {
		method: body ? "POST" : "GET",
		headers: { "Content-Type": "application/json", Authorization: token && "Bearer " + token },
		body: body && JSON.stringify(body),
		signal: AbortSignal.timeout(60_000),
	});
	const answer = await response.json();
	if (response.ok) return answer;
	throw { status: response.status, words: answer.error.message, wait: +response.headers.get("Retry-After") };
}

const begin = async (body) => remember("token", (await request("sessions", body)).token);

async function call(path, body) {
	if (!recall("token")) await begin({});
	const token = recall("token");
	return request(path, body, token).catch((problem) => {
		// Unless another tab has begun anew.
		if (problem.status === 401 && recall("token") === token) remember("token", "");
		throw problem;
	});
}

const worded = ({ words }) =>
	words || (outbox()[0] ? "Not sent yet. Trying again when you are back online." : "Aftercare cannot be reached.");

// make("p.code", {}, "K7") is <p class="code">K7</p>
function make(tag, properties, ...children) {
	const [name, className = ""] = tag.split(".");
	const made = Object.assign(document.createElement(name), { className }, properties);
	made.append(...children);
	return made;
}

// Drawn on a square of 24, which is stretched to its place.
function drawing(...paths) {
	const part = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
	const svg = part("svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("preserveAspectRatio", "none");
	svg.ariaHidden = true;
	for (const path of paths) svg.appendChild(part("path")).setAttribute("d", path);
	return svg;
}

function button(words, onclick, look = "", path) {
	const made = make("button." + look, { onclick }, path ? drawing(path) : words);
	if (path) made.ariaLabel = made.title = words;
	return made;
}

const paragraphs = (text) => text.split(/\n\s*\n/).flatMap((part) => {
	const made = part.split("\n").reduce(addLine, []);
	if (/^Sources?: |not legal advice\.$/.test(part)) made.at(-1).className = "source";
	return made;
});

function addLine(made, line) {
	const [, mark, start, words] = line.match(/^(- |(\d+)\. )?(.*)/);
	const tag = start ? "ol" : mark ? "ul" : "p";
	const same = made.at(-1)?.localName === tag;
	if (!same) made.push(make(tag, start && { start }));
	if (mark) made.at(-1).append(make("li", {}, ...spans(words)));
	else made.at(-1).append(same ? "\n" : "", ...spans(words));
	return made;
}

// Splitting gives plain words, bold words, italic words, a page of the learner's own, plain words and so on.
const spans = (words) => words.split(/\*\*([^*]+)\*\*|\*([^\s*](?:[^*]*[^\s*])?)\*|\/((?:data|evidence)\/eyJ[\w.-]+)/)
	.map((part = "", index) => (part && index % 4 > 2
		? make("a", { href: BASE + part, target: "_blank" }, "Open the page (in a new tab)")
		: part && index % 4 ? make(index % 4 > 1 ? "em" : "strong", {}, part) : part));

// A picture as rows of a label, a value from 0 to 1 and the same in words.
const ROWS = {
	bars: ({ rows }) => rows,
	meter: ({ title, ...row }) => [{ ...row, label: title }],
	curve: ({ points }) => points.map(({ label, value }) => ({ label, text: Math.round(100 * value) + " of 100", value })),
};
const rowsOf = (picture) => ROWS[picture?.kind]?.(picture) || [];

// Its words, line by line.
function told(picture) {
	const { kind, title, low, high } = picture || {};
	const heads = { bars: [title], curve: [title, `From 0 (${low}) to 100 (${high})`] }[kind] || [];
	return [...heads, ...rowsOf(picture).map(({ label, text }) => `${label}: ${text}`)];
}

function figure(picture) {
	const { kind, title, low, high } = picture;
	const rows = rowsOf(picture);
	const list = make("ul", {}, ...rows.map(({ label, text, value }) =>
		make("li", {}, make("span", {}, label), " ", make("b", {}, text), drawing(`M0 12H${24 * value}`))));
	const caption = kind === "meter" ? "" : make("p.title", {}, title);
	if (kind !== "curve") return make("figure." + kind, {}, caption, list);
	const dots = rows.map(({ value }, index) => `${24 * index / (rows.length - 1 || 1)} ${24 - 24 * value}`);
	const ends = [high, low, rows[0].label, rows.at(-1).label].map((words) => make("p", { ariaHidden: true }, words));
	const curve = drawing("M" + dots.join("L"), "M" + dots.join("h0M") + "h0");
	// The title was read out before it.
	Object.assign(curve, { role: "img", ariaHidden: null, ariaLabel: told(picture).slice(1).join(", ") });
	return make("figure", {}, caption, make("div.curve", {}, curve, ...ends), make("details", {}, make("summary", {}, "In numbers"), list));
}

// Shown "You", read out "You said".
const speech = (who, name, words) => make("div." + who, {},
	make("p.speaker", {}, name, make("span.unseen", {}, " said")), make("div.words", {}, ...words));

const log = make("div.log", { role: "log", ariaLabel: "Conversation", ariaLive: "off", ariaRelevant: "additions", tabIndex: 0 });
const status = make("p", { role: "status" });
const sheet = make("section.sheet", { hidden: true });
const newer = button("New reply", () => reveal(unread));
const again = button("Try again", () => {
	tries = 0;
	box.focus();
	work();
});
newer.hidden = again.hidden = true;
const box = make("textarea", { rows: 1, ariaLabel: "Your question", placeholder: "Say it in your own words", oninput: count, onkeydown: type });
box.setAttribute("aria-describedby", "hint");
const counter = make("span");
const opener = button("Menu", () => toggleMenu(), "round", "M5 7h14M5 12h14M5 17h14");
opener.ariaExpanded = false;
const menu = make("div.menu", { tabIndex: -1, hidden: true, onclick: () => toggleMenu(true) },
	button("Start again", () => send({ press: RESTART, label: "Start again" })),
	button("Save a transcript", save),
	button("Continue on another device", () => offerCode().catch((problem) => say(worded(problem)))),
	button("I have a code", askCode));
const foot = make("div.foot", {},
	make("div.bar", {}, status, newer, again),
	make("div.composer", {}, box, button("Send", submit, "send", "M12 19V5M6 11l6-6 6 6")),
	make("p", { id: "hint" }, "Please leave out names and other personal details. ", counter));
let panel, launcher;

function build(full) {
	const tools = make("div.tools", {}, opener, menu);
	tools.addEventListener("focusout", ({ relatedTarget }) => tools.contains(relatedTarget) || toggleMenu(true));
	const header = make("header", {},
		make("div", {}, make(full ? "h1" : "h2", {}, drawing(MARK), "Aftercare"), make("p", {}, "Your customer service tutor")), tools);
	panel = make("div.panel" + (full ? " page" : ""), { onkeydown: escape }, header, sheet, log, foot);
	const all = make(full ? "main" : "aside", { lang: "en-GB", ariaLabel: "Aftercare" }, panel);
	if (full) return all;
	Object.assign(panel, { role: "dialog", ariaLabel: "Aftercare", tabIndex: -1, hidden: true });
	tools.append(button("Close", close, "round", "M6 6l12 12M18 6L6 18"));
	launcher = button("Chat with Aftercare", open, "launcher", MARK);
	all.prepend(launcher);
	// Typing must not set off the page's shortcuts.
	all.onkeydown = all.onkeyup = all.onkeypress = (event) => event.stopPropagation();
	return all;
}

function toggleMenu(hidden = !menu.hidden) {
	if (menu.matches(":focus-within")) opener.focus();
	menu.hidden = hidden;
	opener.ariaExpanded = !hidden;
}

function escape({ key }) {
	if (key !== "Escape") return;
	if (!menu.hidden) toggleMenu();
	else if (!sheet.hidden) closeSheet();
	else if (launcher) close();
}

function open() {
	panel.hidden = false;
	launcher.hidden = true;
	// A touch keyboard would cover the text.
	(matchMedia("(pointer: coarse)").matches ? panel : box).focus();
	start();
}

function close() {
	panel.hidden = true;
	launcher.hidden = false;
	launcher.focus();
}

function say(words, stuck = false) {
	if (status.textContent !== words) status.textContent = words;
	panel.classList.toggle("stuck", stuck);
	again.hidden = !stuck;
}

function type(event) {
	if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
	event.preventDefault();
	submit();
}

function count() {
	const used = [...box.value.trim()].length;
	counter.textContent = used > 900 ? `${used} of 1,000 characters` : "";
	return used;
}

function submit() {
	const text = box.value.trim();
	box.focus();
	if (!text) return;
	if (count() > 1000) return say("That is too long. Please shorten it to 1,000 characters.");
	box.value = "";
	count();
	send({ text });
}

function send(said) {
	// A double click means one.
	if (said.press && outbox().some(({ press }) => press === said.press)) return;
	// A blob's address ends in a UUID; crypto.randomUUID needs https.
	const message = { id: URL.createObjectURL(new Blob()).slice(-36), ...said };
	notice = "";
	remember("outbox", [...outbox(), message]);
	showUnsent(message);
	if (said.press === RESTART) box.focus();
	else reveal(log.lastChild);
	work();
}

function save() {
	const date = new Date().toLocaleDateString("en-GB", { dateStyle: "long" });
	const lines = rows().flatMap(({ turn }) => ["You: " + turn.said.text,
		...turn.replies.map(({ text, picture }) => ["Aftercare: " + text, ...told(picture)].join("\n"))]);
	const href = URL.createObjectURL(new Blob([["Aftercare, " + date, ...lines].join("\n\n")]));
	make("a", { href, download: `Aftercare ${date}.txt` }).click();
	setTimeout(URL.revokeObjectURL, 60_000, href);
	say("The transcript is saved.");
}

function openSheet(title, ...children) {
	sheet.replaceChildren(make("h2", { tabIndex: -1 }, title), ...children, button("Done", closeSheet));
	sheet.hidden = false;
	sheet.firstChild.focus();
}

function closeSheet() {
	sheet.hidden = true;
	opener.focus();
}

async function offerCode() {
	const { code, expires_at } = await call("codes", {});
	const href = BASE + "#code=" + code.replace("-", "");
	const until = new Date(expires_at).toLocaleTimeString("en-GB", { timeStyle: "short" });
	const copy = button("Copy the link", () => navigator.clipboard.writeText(href).then(() => say("The link is copied.")));
	copy.hidden = !navigator.clipboard;
	openSheet("Continue on another device", make("p.code", {}, code),
		make("p", {}, `Open this link there, or enter the code. It works once, until ${until}.`),
		make("p", {}, make("a", { href }, href)), copy);
}

function askCode() {
	const problem = make("p.problem", { role: "alert" });
	const field = make("input", { autocomplete: "off", required: true });
	const onsubmit = (event) => {
		event.preventDefault();
		join(field.value).then(closeSheet, (refusal) => (problem.textContent = worded(refusal)));
	};
	openSheet("I have a code",
		make("form", { onsubmit }, make("label", {}, "The code from your other device", field), problem, make("button", {}, "Continue")));
	field.focus();
}

async function join(code) {
	await begin({ code: code.replace(/[\s-]/g, "").toUpperCase() });
	notice = "Here is your conversation so far.";
	refetch(true);
	tabs.postMessage("");
}

async function joinByLink() {
	const [, code] = location.hash.match(/^#code=([\w-]+)$/) || [];
	if (!code) return;
	history.replaceState(null, "", location.href.split("#")[0]);
	await join(code).catch((problem) => (notice = worded(problem)));
}

// One request at a time: nothing overtakes.
let tabs, timer, working, loaded, unread;
let stale = true, tries = 0, quietUntil = 0, notice = "";

async function start() {
	if (tabs) return work();
	tabs = new BroadcastChannel(NAME + BASE);
	tabs.onmessage = refetch;
	for (const event of ["online", "focus", "visibilitychange"]) addEventListener(event, () => document.hidden || refetch());
	if (!launcher) await joinByLink();
	work();
}

function refetch(whole) {
	if (whole === true) loaded = false;
	stale = true;
	work();
}

async function work() {
	clearTimeout(timer);
	if (working) return;
	if (Date.now() < quietUntil) return later(quietUntil - Date.now());
	working = true;
	let message;
	try {
		while ((message = stale ? null : outbox()[0]) || stale) {
			stale = false;
			if (message) await deliver(message);
			else showAll(await call("conversation"));
			tries = 0;
		}
		rest();
	} catch (problem) {
		postpone(problem, message);
	}
	working = false;
}

async function deliver(message) {
	if (!tries) say(TYPING);
	const turn = await call("messages", message);
	leaveOutbox(message.id);
	if (turn.erased) rows().forEach((row) => row.remove());
	if (turn.restart) refetch(true);
	else show(turn);
	tabs.postMessage("");
}

function rest() {
	const waiting = rows().some(({ turn }) => turn.status === "waiting");
	if (waiting) later(1000, refetch);
	say(waiting ? TYPING : notice);
}

function postpone(problem, message) {
	const { status: code, wait } = problem;
	let pause = 0;
	stale ||= !message;
	if (code === 401) {
		notice = "A new conversation was begun.";
		stale = true;
		loaded = false;
		pause = tries++;
	} else if (message && code < 500 && code !== 429) {
		giveBack(message);
		notice = problem.words;
	} else {
		say(worded(problem), true);
		pause = wait || Math.min(15, 2 ** tries++);
	}
	quietUntil = Date.now() + wait * 1000;
	later(pause * 1000);
}

const later = (pause, what = work) => (timer = setTimeout(what, pause));

// What was refused goes back into the box.
function giveBack({ id, text }) {
	leaveOutbox(id);
	find(id)?.remove();
	if (text) box.value = [text, box.value].join("\n").trim();
}

// Each turn's element carries the turn.
const rows = () => [...log.querySelectorAll(".turn")];
const find = (id) => rows().find(({ turn }) => turn.id === id);

function showAll({ greeting, turns: all }) {
	const fresh = !loaded;
	if (fresh) {
		Object.assign(log, { ariaLive: "off", ariaBusy: true });
		log.replaceChildren(...greeting.map(reply));
	}
	for (const turn of all) {
		leaveOutbox(turn.id);
		if (!turn.restart) show(turn, fresh);
	}
	const known = [...all, ...outbox()].map(({ id }) => id);
	for (const row of rows()) if (!known.includes(row.turn.id)) row.remove();
	outbox().forEach(showUnsent);
	if (!fresh) return;
	loaded = true;
	if (rows()[0]) reveal(log.lastChild);
	// From now on, additions are read out.
	setTimeout(() => Object.assign(log, { ariaLive: "polite", ariaBusy: false }), 250);
}

function showUnsent({ id, text, press, label = text }) {
	if (press === RESTART || find(id)) return;
	show({ id, seq: Infinity, said: { text: label, press }, replies: [] });
}

function show(turn, quiet) {
	const before = find(turn.id);
	const answered = before?.turn.replies[0];
	const row = before || question(turn);
	row.turn = turn;
	row.classList.toggle("unsent", !turn.status);
	// Moving it needlessly would read it out again.
	const next = rows().find((other) => other.turn.seq > turn.seq) || null;
	if (!before || row.nextSibling !== next) log.insertBefore(row, next);
	if (answered || !turn.replies[0]) return;
	const stay = !endInView();
	const replies = turn.replies.map(reply);
	row.append(...replies);
	if (quiet) return;
	unread = row.firstChild.offsetHeight > log.clientHeight / 2 ? replies[0] : row;
	if (stay) newer.hidden = false;
	else reveal(unread);
}

// A used button stays, marked, and can be pressed again.
function question(turn) {
	const { text, press } = turn.said;
	for (const choice of log.querySelectorAll(".choices button")) {
		if (choice.value === press) Object.assign(choice, { className: "used", ariaLabel: choice.textContent + ", asked" });
	}
	return make("div.turn", { turn }, speech("mine", "You", [make("p", {}, text)]));
}

function reply({ kind, text, buttons, picture }) {
	const made = speech("tutor " + kind, "Aftercare" + (kind === "customer" ? " as customer" : ""), paragraphs(text));
	if (rowsOf(picture)[0]) made.lastChild.append(figure(picture));
	const choices = buttons.map(({ title, token }) =>
		Object.assign(button(title, () => send({ press: token, label: title })), { value: token }));
	if (choices[0]) made.append(make("div.choices", { role: "group", ariaLabel: "Choices" }, ...choices));
	return made;
}

// On a very short screen the panel scrolls, not the log.
const scroller = () => (log.scrollHeight > log.clientHeight ? log : panel);

// Who has scrolled up to read is left there.
const endInView = () => log.lastChild.getBoundingClientRect().bottom < scroller().getBoundingClientRect().bottom + 100;

function reveal(element) {
	const view = scroller();
	view.scrollTop = element.offsetTop - view.offsetTop - 16;
	newer.hidden = true;
}

customElements.define(NAME, class extends HTMLElement {
	connectedCallback() {
		if (panel) return;
		const style = new CSSStyleSheet();
		style.replaceSync(/* STYLE */ "");
		const root = this.attachShadow({ mode: "open" });
		root.adoptedStyleSheets = [style];
		root.append(build(this.hasAttribute("page")));
		if (!launcher) start();
	}
});
if (!document.querySelector(NAME)) document.body.append(make(NAME));
})();
