/** Long texts of a span as a whole, in pieces: what copies or opens one asks piece by piece, so the last text stays until its end was given. */

import { SpanhopError } from '../../base/errors';
import { layOutJson } from '../../core/text/jsonLayout';
import { shapeOf } from '../../core/text/valueShape';
import type { ShownAttribute, SpanDetails } from '../../protocol/details';
import type { TextAddress, TextKey, TextPiece } from '../../protocol/texts';

/** UTF-16 units of a piece: a message that takes about a millisecond to cross. */
const PIECE = 1 << 20;

interface TextRequest extends TextKey {
  readonly from: number;
  readonly laidOut: boolean;
}

interface Kept {
  readonly id: string;
  readonly text: string;
  readonly shape: TextPiece['shape'];
}

export class SpanTexts {
  private kept: Kept | undefined;

  /** @param details of a span with its texts whole, as they may be shown */
  constructor(private readonly details: (key: TextKey) => Promise<SpanDetails>) {}

  async piece({ from, ...request }: TextRequest): Promise<TextPiece> {
    const id = JSON.stringify(request);
    // The first piece is always of the span as it is now, and by the rules of now.
    const kept = from > 0 && this.kept?.id === id ? this.kept : await this.read(id, request);
    const text = kept.text.slice(from, from + PIECE);
    this.kept = from + text.length < kept.text.length ? kept : undefined;
    return { text, length: kept.text.length, shape: kept.shape };
  }

  private async read(id: string, request: Omit<TextRequest, 'from'>): Promise<Kept> {
    const text = textAt(await this.details(request), request.address);
    if (text === undefined) throw new SpanhopError('NotFound', 'The span does not have this text any more.');
    const key = 'key' in request.address ? request.address.key : '';
    const shape = shapeOf(key, text);
    return { id, shape, text: request.laidOut && shape === 'json' ? (layOutJson(text) ?? text) : text };
  }
}

function textAt(details: SpanDetails, address: TextAddress): string | undefined {
  switch (address.of) {
    case 'name':
      return details.name;
    case 'status':
      return details.statusMessage;
    case 'logBody':
      return details.logs[address.at]?.body.text;
    case 'exception':
      return details.exceptions[address.at]?.[address.part];
    default: {
      // What was listed at this place may be at another one by now, where the span has changed.
      const found = attributesAt(details, address)?.[address.index];
      return found?.key === address.key ? found.value.text : undefined;
    }
  }
}

function attributesAt(
  details: SpanDetails,
  address: Extract<TextAddress, { readonly index: number }>,
): readonly ShownAttribute[] | undefined {
  switch (address.of) {
    case 'attribute':
      return details.attributes;
    case 'resource':
      return details.resource;
    case 'scope':
      return details.scope?.attributes;
    case 'event':
      return details.events[address.at]?.attributes;
    case 'link':
      return details.links[address.at]?.attributes;
    case 'log':
      return details.logs[address.at]?.attributes;
  }
}
