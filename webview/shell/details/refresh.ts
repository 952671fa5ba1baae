/** Replaces what an element holds with a newer picture of the same; the focus stays where it was. */
export function refresh(element: Element, ...content: Node[]): void {
  const focused = document.activeElement ? [...element.querySelectorAll('*')].indexOf(document.activeElement) : -1;
  element.replaceChildren(...content);
  const again = focused < 0 ? undefined : [...element.querySelectorAll('*')][focused];
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}
