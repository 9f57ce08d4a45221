// A long conversation opens at its end, and words selected in a message fill the field that names them. Everything works without it.
"use strict";

if (!location.hash && !location.search && !document.querySelector(".problem")) {
  const lines = document.querySelectorAll(".line");
  lines[lines.length - 1]?.scrollIntoView({ block: "end" });
}

document.addEventListener("selectionchange", () => {
  const selected = document.getSelection();
  const from = selected.anchorNode?.parentElement?.closest("[data-event]");
  const to = selected.focusNode?.parentElement?.closest("[data-event]");
  if (!from || from !== to || selected.isCollapsed) return;
  const copy = selected.getRangeAt(0).cloneContents();
  copy.querySelectorAll(".earned").forEach((name) => name.remove());
  const field = document.getElementById(`quote-${from.dataset.event}`);
  if (field) field.value = copy.textContent.trim();
});
