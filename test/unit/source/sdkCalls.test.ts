// Calls of SDKs, of which a file has several: the path's resource and method tell which.
import { expect, it } from 'vitest';
import { fitOfSdk, resourceOf } from '../../../src/source/calls/sdkCalls';
import { placeOf } from './support/memory';

const likeness = (method: string, path: string, receiver: string, name: string): number => {
  const resource = resourceOf(
    path
      .split('/')
      .filter(Boolean)
      .map((part) => (/\d/.test(part) && part !== 'v1' ? undefined : part)),
    method,
  );
  return resource ? fitOfSdk({ receiver, name, line: 0, column: 0 }, resource) : 0;
};

it.each([
  ['get', '/v1/subscriptions', 'stripe.subscriptions', 'list', 1],
  ['get', '/v1/subscriptions', 'Stripe::Subscription', 'list', 1],
  ['get', '/v1/subscriptions', 'client.v1.subscriptions', 'retrieve', -1],
  ['get', '/v1/subscriptions', 'client.v1.subscriptionItems', 'list', 0],
  ['get', '/v1/subscriptions', 'subscription', 'getId', 0],
  ['get', '/v1/subscriptions/sub_1', 'stripe.subscriptions', 'retrieve', 1],
  ['post', '/v1/subscriptions', 'stripe.subscriptions', 'create', 1],
  ['post', '/v1/subscriptions/sub_1', 'stripe.subscriptions', 'update', 1],
  ['post', '/v1/subscriptions/sub_1', 'stripe.subscriptions', 'create', -1],
  ['post', '/v1/subscriptions/sub_1/cancel', 'stripe.subscriptions', 'cancel', 1],
  ['delete', '/v1/subscriptions/sub_1', 'stripe.subscriptions', 'cancel', 1],
  ['post', '/api/usergroups.list', 'c', 'GetUserGroupsContext', 1],
  ['post', '/api/usergroups.list', 'c', 'UpdateUserGroupContext', -1],
  ['post', '/api/users.conversations', 'c', 'GetConversationsForUserContext', 1],
  ['post', '/api/users.conversations', 'c', 'GetUserByEmailContext', 0],
])('%s %s by %s.%s: %i', (method, path, receiver, name, expected) => {
  expect(likeness(method, path, receiver, name)).toBe(expected);
});

const files = {
  'billing/plans.rb': `class Plans
  def tell
    Notice.update(id)
  end

  def open(customer)
    Tidepay::Subscription.retrieve(customer.subscription_id)
  end

  def all(customer)
    Tidepay::Subscription.list(customer: customer.id)
  end

  def drop(customer)
    Tidepay::Subscription.cancel(customer.subscription_id)
  end
end
`,
};

it.each([
  ['GET', '/v1/subscriptions?customer=cus_1', 'billing/plans.rb:11'],
  ['GET', '/v1/subscriptions/sub_1Pgc6bLkdIwHu7', 'billing/plans.rb:7'],
  ['DELETE', '/v1/subscriptions/sub_1Pgc6bLkdIwHu7', 'billing/plans.rb:15'],
])('leads from %s %s to the call of the SDK', async (method, path, place) => {
  const attributes = { 'http.request.method': method, 'url.full': `https://api.tidepay.com${path}` };
  expect(await placeOf({ name: method, language: 'ruby', kind: 3, attributes }, files)).toBe(place);
});
