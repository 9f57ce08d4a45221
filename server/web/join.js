// The chat page sends what it finds in its outbox (widget.js): the message that joins is put there.
"use strict";
const OUTBOX = "aftercare-chatoutbox" + new URL(".", document.currentScript.src).href;

document.querySelector("form").addEventListener("submit", (event) => {
	const { id, text } = Object.fromEntries(new FormData(event.target));
	try {
		const waiting = JSON.parse(localStorage.getItem(OUTBOX)) || [];
		localStorage.setItem(OUTBOX, JSON.stringify([...waiting.filter((message) => message.id !== id), { id, text }]));
	} catch {
		return; // nothing can be kept here: the form goes to the plain chat
	}
	event.preventDefault();
	location.assign("/");
});
