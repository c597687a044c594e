/*
 * Runs before the first paint: says that scripts run and puts the reader's choice of colours
 * on the root element, so that nothing flashes.
 */
(function (root) {
  root.dataset.js = "";
  try {
    const theme = localStorage.getItem("zhi-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be closed to the page; the system's colours hold then.
  }
})(document.documentElement);
