// Calls of clients that the address alone does not tell: settings of an object, services that are made and called, one address called twice.
import { describe, expect, it } from 'vitest';
import type { Relative } from '../../../src/source';
import { placeOf } from './support/memory';

const files = {
  'config/routes.rb':
    "Rails.application.routes.draw do\n  get 'boats/photos', to: 'boats#photos'\n  post 'boats/check', to: 'boats#check'\n  post 'boats/hail', to: 'boats#hail'\nend\n",
  'app/controllers/boats_controller.rb': `class BoatsController < ApplicationController
  def photos
    search = Photos::Search.new(
      current_user
    )
    render json: search.call
  end

  def check
    Harbour::ConnectionTester.new(params[:url]).call
    PaintWebhookJob.perform_later(1)
  end

  def hail
    test_radio(params[:url])
  end

  private

  def test_radio(url)
    conn = Faraday.new(url)
    conn.post(url.path, 'hello')
  end
end
`,
  'app/services/photos/search.rb': `class Photos::Search
  def call
    Harbour::RequestPhotos.new(
      user
    ).call
  end
end
`,
  'app/services/harbour/request_photos.rb': `class Harbour::RequestPhotos
  attr_reader :api_base

  def initialize(user)
    @api_base = "#{user.harbour_url}/api/search/metadata"
  end

  def call
    HTTParty.post(
      api_base,
      headers: headers
    )
  end
end
`,
  'app/services/harbour/connection_tester.rb': `class Harbour::ConnectionTester
  def call
    HTTParty.post("#{url}/api/search/metadata", headers: headers)
  end
end
`,
};

const parent = (route: string, method: string): Relative => ({
  name: `${method} ${route}`,
  service: 'boats',
  kind: 2,
  attributes: { 'http.route': route, 'http.method': method },
});

async function called(url: string, route: string, method = 'POST'): Promise<string> {
  const attributes = { 'http.method': 'POST', 'http.url': url };
  const family = { ancestors: [parent(route, method)], before: [], children: [] };
  return placeOf({ name: 'HTTP POST', kind: 3, language: 'ruby', service: 'boats', attributes, family }, files);
}

describe('a call of an address', () => {
  const address = 'https://harbour.example.org/api/search/metadata';
  it('is the one that the span around it leads to', async () => {
    expect(await called(address, '/boats/photos', 'GET')).toBe('app/services/harbour/request_photos.rb:9');
    expect(await called(address, '/boats/check')).toBe('app/services/harbour/connection_tester.rb:3');
  });

  it('may be made of a connection', async () => {
    expect(await called('https://radio.example.net/vhf', '/boats/hail')).toBe('app/controllers/boats_controller.rb:22');
  });

  it('of a setting stands where the setting is asked for', async () => {
    const php = {
      'config/services.php':
        "<?php\nreturn [\n    'weather' => [\n        'url' => env('WEATHER_URL', 'https://weather.example.org/v2/forecast'),\n    ],\n];\n",
      'app/Services/Weather.php':
        "<?php\nclass Weather\n{\n    public function now(): array\n    {\n        $client = new Client();\n        $answer = $client->post(config('services.weather.url'), [\n            'timeout' => 3,\n        ]);\n        return $answer;\n    }\n}\n",
    };
    const attributes = { 'http.request.method': 'POST', 'url.full': 'https://weather.example.org/v2/forecast' };
    expect(await placeOf({ name: 'POST', kind: 3, language: 'php', attributes }, php)).toBe('app/Services/Weather.php:7');
  });
});
