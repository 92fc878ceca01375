"use strict";

// The forms ask for the live steps, which need this script.
for (const field of document.querySelectorAll("input[name=live]")) field.value = "1";

const live = document.getElementById("live");
if (live) {
  const said = live.dataset, steps = document.getElementById("steps"), status = document.getElementById("status");
  const began = Date.now();
  let count = 0, told = 0;

  // Told now and then, not at every step: a screen reader reads it aloud.
  const clock = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds >= told + 5) {
      told = seconds;
      status.textContent = said.count.replace("{n}", count).replace("{time}", seconds);
    }
  }, 1000);

  const events = new EventSource(said.events);
  const end = (text) => {
    events.close();
    clearInterval(clock);
    status.textContent = text;
  };
  events.onmessage = (event) => {
    const item = document.createElement("li");
    item.textContent = event.data;
    steps.append(item);
    count++;
  };
  events.addEventListener("over", () => {
    end(said.done);
    location.replace(said.result);
  });
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) end(said.lost);
    else status.textContent = said.waits;
  };
} else {
  // What came of it is what a person waits for, unless a field has to be mended.
  (document.querySelector("[autofocus]") ?? document.getElementById("result"))?.focus();
}
