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

  it('may be made of parts that are appended, and is called by its name', async () => {
    const rust = {
      'src/client.rs': `impl Client {
    pub async fn moor(&self, berth: &str) -> Result<()> {
        let url = self.address.append(["berths", berth])?;
        self.client.get(url).send().await?;
        let url = self.address.append(["moorings"])?;
        let answer = self.client.post(url).send().await?;
        Ok(())
    }

    pub async fn cast_off(&self) -> Result<()> {
        let url = self.address.append_path("api/v0/mooring")?;

        self.client.delete(url).send().await?;
        Ok(())
    }
}
`,
    };
    const asked = (method: string, path: string) => ({
      name: method,
      kind: 3,
      language: 'rust',
      attributes: { 'http.request.method': method, 'url.full': `https://harbour.example.org${path}` },
    });
    expect(await placeOf(asked('POST', '/moorings'), rust)).toBe('src/client.rs:6');
    expect(await placeOf(asked('DELETE', '/api/v0/mooring'), rust)).toBe('src/client.rs:13');
  });

  it('may be of a library whose method has the words of the path in its name', async () => {
    const go = {
      'web/routes.go':
        'package web\n\nfunc routes(r *gin.Engine) {\n\tr.POST("/hail/messages", hail)\n}\n\nfunc hail(c *gin.Context) {\n\tif strings.Contains(c.Request.URL.Path, "/hail/messages") {\n\t\tlog(c)\n\t}\n\tanswer, err := client.CreateHailMessageStream(c, "ahoy")\n}\n',
      'mail/mail.go':
        'package mail\n\nfunc send(ctx context.Context) error {\n\treq := &cmd.HTTPRequest{\n\t\tMethod: "POST",\n\t\tURL:    getEndpoint(ctx, domain, "/letters"),\n\t}\n\treturn bus.Dispatch(ctx, req)\n}\n',
    };
    const parentOf = (route: string): Relative => ({ ...parent(route, 'POST'), language: 'go' });
    const asked = (url: string, ancestors: readonly Relative[]) => ({
      name: 'HTTP POST',
      kind: 3,
      language: 'go',
      service: 'boats',
      attributes: { 'http.request.method': 'POST', 'url.full': url },
      family: { ancestors, before: [], children: [] },
    });
    expect(await placeOf(asked('https://radio.example.net/v1/hail/messages', [parentOf('/hail/messages')]), go)).toBe(
      'web/routes.go:11',
    );
    expect(await placeOf(asked('https://post.example.net/v3/boats/letters', []), go)).toBe('mail/mail.go:4');
  });
});
