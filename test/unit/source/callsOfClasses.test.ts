// Classes that say an address: who hands one to a client asks for it; a class that asks by itself says what for.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const call = (method: string, url: string, language?: string) => ({
  name: method,
  kind: 3,
  language,
  attributes: { 'http.request.method': method, 'url.full': url },
});

const java = {
  'src/main/java/kite/request/KiteRequest.java': `package kite.request;
public abstract class KiteRequest implements PostRequest {
    public URI getUrl() {
        return URI.create(config.getUrl() + urlPath());
    }
    protected abstract String urlPath();
}
`,
  'src/main/java/kite/request/KiteLaunchRequest.java': `package kite.request;
public class KiteLaunchRequest extends KiteRequest {
    public static KiteLaunchRequest of(Kite kite) {
        return new KiteLaunchRequest(kite);
    }
    @Override
    protected String urlPath() {
        return "/v1/kites/" + kite + "/launch";
    }
}
`,
  'src/main/java/kite/request/KiteLandingRequest.java': `package kite.request;
public class KiteLandingRequest extends KiteRequest {
    @Override
    protected String urlPath() {
        return "/v1/landings";
    }
}
`,
  'src/main/java/kite/Pilot.java': `package kite;
public class Pilot {
    void launch(Kite kite) {
        String answer = client.postRequestFor(KiteLaunchRequest.of(kite)).getEntity();
    }
    void land(Kite kite) {
        KiteLandingRequest landing = KiteLandingRequest.of(kite);
        String answer = client.postRequestFor(landing).getEntity();
    }
}
`,
  'src/main/java/kite/Client.java': `package kite;
public class Client {
    Response postRequestFor(KiteRequest request) {
        return http.target(request.getUrl()).request().post(Entity.json(request));
    }
}
`,
};

describe('an address that a class says', () => {
  it.each([
    [
      'is asked for where one is handed over',
      call('POST', 'https://api.kites.example.com/v1/kites/4711/launch', 'java'),
      java,
      'src/main/java/kite/Pilot.java:4',
    ],
    [
      'also by way of a variable',
      call('POST', 'https://api.kites.example.com/v1/landings', 'java'),
      java,
      'src/main/java/kite/Pilot.java:8',
    ],
    [
      'is the class’s where that asks by itself',
      call('POST', 'https://harbour.example.com/api/3.0/berths', 'ruby'),
      {
        'app/harbour/request.rb':
          'module Harbour\n  class Request\n    def fetch\n      connection.post do |req|\n        req.body = body\n      end\n    end\n  end\nend\n',
        'app/harbour/berth_request.rb':
          "module Harbour\n  class BerthRequest < Harbour::Request\n    def endpoint\n      URI.join(\n        Settings.harbour_url,\n        '/api/3.0/berths',\n      ).to_s\n    end\n  end\nend\n",
        'app/jobs/berth_job.rb':
          'class BerthJob < ApplicationJob\n  def perform(id)\n    Harbour::BerthRequest.new(id:).fetch\n  end\nend\n',
      },
      'app/harbour/berth_request.rb:6',
    ],
    [
      'is asked of what keeps it',
      call('GET', 'https://sails.example.com/v1/sails.json', 'rust'),
      {
        'src/sails.rs': `pub struct Loft {
    sails: KeptList<Sails>,
}
impl Loft {
    pub fn new(base: String) -> Self {
        Self {
            sails: KeptList::new("/sails.json"),
        }
    }
    pub async fn sails(&self) -> Result<Sails> {
        self.sails.get(&self.client, &self.base).await
    }
}
`,
      },
      'src/sails.rs:11',
    ],
  ])('%s', async (_, span, files, place) => {
    expect(await placeOf(span, files)).toBe(place);
  });
});

it('names of a query tell places of one path apart', async () => {
  const files = {
    'src/main/java/Tides.java': `class Tides {
    Tide one(String id) {
        var uri = UriBuilder.fromPath(base)
                .path(format("/v1/tides/%s", id))
                .queryParam("pier", pier);

        return tideFrom(client.get(uri));
    }

    Tide other(String id, long harbour) {
        var uri = UriBuilder.fromPath(base)
                .path(format("/v1/tides/%s", id))
                .queryParam("harbour_id", harbour);

        return tideFrom(client.get(uri));
    }
}
`,
  };
  expect(await placeOf(call('GET', 'https://tides.example.com/v1/tides/4711?harbour_id=12', 'java'), files)).toBe(
    'src/main/java/Tides.java:15',
  );
});
