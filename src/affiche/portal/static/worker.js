// The installed portal on a flaky connection: pages that were seen can be seen again; nothing that changes something is cached.
const CACHE = "affiche-1";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((n) => n !== CACHE).map((n) => caches.delete(n))))));
self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || request.headers.get("accept")?.includes("text/event-stream")) return;
  const immutable = url.pathname.startsWith("/static/");
  event.respondWith((async () => {
    const cache = await caches.open(CACHE), kept = await cache.match(request);
    if (immutable && kept) return kept;
    try {
      const answer = await fetch(request);
      if (answer.ok && answer.type === "basic" && !answer.headers.get("cache-control")?.includes("no-store")) cache.put(request, answer.clone());
      return answer;
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  })());
});
// Signing out, or another person signing in, must leave nothing behind.
self.addEventListener("message", (event) => { if (event.data === "forget") event.waitUntil(caches.delete(CACHE)); });
