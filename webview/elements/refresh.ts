/**
 * Replaces what an element holds with a newer picture of the same; the focus stays where it was: at what has the same `data-key`, else at the same
 * place.
 */
export function refresh(element: Element, ...content: Node[]): void {
  const { activeElement } = document;
  const all = (): Element[] => [...element.querySelectorAll('*')];
  const place = activeElement ? all().indexOf(activeElement) : -1;
  const key = place >= 0 && activeElement instanceof HTMLElement ? activeElement.dataset.key : undefined;
  element.replaceChildren(...content);
  if (place < 0) return;
  const again = key === undefined ? all()[place] : all().find((one) => one instanceof HTMLElement && one.dataset.key === key);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}
