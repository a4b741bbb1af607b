/** Write every moment, which is more than a day, in the reader's own way, in the time zone of their profile, as the server does. */
export function localiseTimes(root) {
  const { timeZone } = document.documentElement.dataset;
  for (const time of root.querySelectorAll("time[datetime*=T]")) {
    try {
      time.textContent = new Date(time.dateTime).toLocaleString([], { dateStyle: "medium", timeStyle: "short", timeZone });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // this browser does not know the zone; the server's words stay
    }
  }
}
