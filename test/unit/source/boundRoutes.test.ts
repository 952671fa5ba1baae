// Methods of services behind gateways and wrappers: who implements them.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'proto/buoys.proto': `service BuoyService {
  // Lists them.
  rpc ListBuoys(ListBuoysRequest) returns (ListBuoysResponse) {
    option (google.api.http) = {get: "/api/v1/buoys"};
  }
  rpc MoveBuoy(MoveBuoyRequest) returns (Buoy) {
    option (google.api.http) = {
      post: "/api/v1/{name=buoys/*}:move"
      body: "*"
    };
  }
  rpc GetBuoy(GetBuoyRequest) returns (Buoy) {
    option (google.api.http) = {get: "/api/v1/{name=buoys/*}"};
  }
}
`,
  'server/gateway.go': 'package server\n\nfunc (s *API) register(e *echo.Echo) {\n\te.Any("/api/v1/*", handler)\n}\n',
  'server/connect.go': `package server

func (s *ConnectHandler) GetBuoy(ctx context.Context, req *connect.Request[pb.GetBuoyRequest]) (*connect.Response[pb.Buoy], error) {
	resp, err := s.API.GetBuoy(ctx, req.Msg)
	return connect.NewResponse(resp), err
}
`,
  'server/buoys.go': `package server

func (s *API) ListBuoys(ctx context.Context, request *pb.ListBuoysRequest) (*pb.ListBuoysResponse, error) {
	return s.store.ListBuoys(ctx, request.Quay)
}

func (s *API) GetBuoy(ctx context.Context, request *pb.GetBuoyRequest) (*pb.Buoy, error) {
	if request.Name == "" {
		return nil, errNoName
	}
	buoy, err := s.store.Buoy(ctx, request.Name)
	return convert(buoy), err
}

func (s *API) MoveBuoy(
	ctx context.Context,
	request *pb.MoveBuoyRequest,
) (*pb.Buoy, error) {
	return nil, nil
}
`,
  'store/buoys.go':
    'package store\n\nfunc (s *Store) GetBuoy(ctx context.Context, name string) (*Buoy, error) {\n\treturn nil, nil\n}\n',
  'web/src/useBuoy.ts':
    'export async function drop(name: string) {\n  const buoy = await buoyServiceClient.getBuoy({ name });\n  return buoy;\n}\n',
};

describe('methods of services', () => {
  it.each([
    ['GET', '/api/v1/buoys/7', 'server/buoys.go:7'],
    ['POST', '/api/v1/buoys/7:move', 'server/buoys.go:15'],
  ])('are bound to routes: %s %s', async (method, path, place) => {
    const attributes = { 'http.request.method': method, 'http.route': '/api/v1/*', 'url.path': path };
    expect(await placeOf({ name: `${method} /api/v1/*`, kind: 2, language: 'go', attributes }, files)).toBe(place);
  });

  it('are called over HTTP by the words of their path, and implemented behind what hands on', async () => {
    const attributes = { 'http.request.method': 'POST', 'url.full': 'https://quay.example.org/quay.v1.BuoyService/GetBuoy' };
    expect(await placeOf({ name: 'POST', kind: 3, language: 'webjs', attributes }, files)).toBe('web/src/useBuoy.ts:2');
    const rpc = { 'rpc.system': 'grpc', 'rpc.service': 'quay.v1.BuoyService', 'rpc.method': 'GetBuoy' };
    expect(await placeOf({ name: 'quay.v1.BuoyService/GetBuoy', kind: 2, language: 'go', attributes: rpc }, files)).toBe(
      'server/buoys.go:7',
    );
  });
});
