/* The paper's name in the corner of the desk. Wagtail's menu calls that link "Dashboard" for those who hear it; who
   speaks to the computer says what can be seen (WCAG 2.5.3), so the name comes first. */
customElements.define(
  "sf-desk-name",
  class extends HTMLElement {
    connectedCallback() {
      const link = this.closest("a[aria-label]");
      const name = this.textContent.trim();
      const label = link && link.getAttribute("aria-label");
      if (label && !label.startsWith(name)) link.setAttribute("aria-label", `${name}: ${label}`);
    }
  },
);
