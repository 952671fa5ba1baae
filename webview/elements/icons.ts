/** The few icons of the view, drawn for it on a grid of 16: lines of one pixel in the colour of the text around them. */

const namespace = 'http://www.w3.org/2000/svg';

const paths = {
  chevronRight: 'M6 3.5 10.5 8 6 12.5',
  chevronDown: 'M3.5 6 8 10.5 12.5 6',
  error: 'M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2',
  info: 'M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2M8 7.2v4M8 4.7v.9',
  close: 'M4 4l8 8M12 4l-8 8',
  arrowUp: 'M8 13V3.5M4 7.2 8 3.2l4 4',
  arrowDown: 'M8 3v9.5M4 8.8l4 4 4-4',
  arrowLeft: 'M13 8H3.5M7.2 4l-4 4 4 4',
  filter: 'M2.5 3.5h11M4.5 8h7M6.5 12.5h3',
  more: 'M3.2 8h.6M7.7 8h.6M12.2 8h.6',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  query: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M10.3 10.3l3.4 3.4',
  braces:
    'M6 2.5c-1.5 0-2 .8-2 2v1.8c0 .9-.5 1.7-1.5 1.7 1 0 1.5.8 1.5 1.7v1.8c0 1.2.5 2 2 2M10 2.5c1.5 0 2 .8 2 2v1.8c0 .9.5 1.7 1.5 1.7-1 0-1.5.8-1.5 1.7v1.8c0 1.2-.5 2-2 2',
  help: 'M8 1.9a6.1 6.1 0 1 1 0 12.2a6.1 6.1 0 1 1 0-12.2M6.2 6.3a1.8 1.8 0 1 1 2.7 1.6c-.6.3-.9.7-.9 1.4M8 10.9v.9',
  warning: 'M8 2.2 14.4 13.6H1.6zM8 6.3v3.6M8 11.2v.9',
  details: 'M2.5 3.5h11v9h-11zM9.5 3.5v9',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5.5 3.5 11.5 8l-6 4.5z',
  external: 'M6.5 3.5h-3v9h9v-3M9 3h4v4M13 3 7.5 8.5',
} as const;

export type IconName = keyof typeof paths;

/** An icon of 16 × 16 px that screen readers do not see. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon icon-${name}`);
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
