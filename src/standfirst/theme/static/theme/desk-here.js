// Says to this paper's public pages that somebody works at the desk with this browser (see personal.js).
try {
  localStorage.setItem("standfirst-desk", "1");
} catch {
  // Kept by nobody: the public pages simply show no way back.
}
