// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('frameworks of Ruby and Elixir', () => {
  it('Sinatra, Grape and Hanami', () =>
    places(
      'ruby',
      {
        'app.rb': `class App < Sinatra::Base
  get '/bells/:id' do
    json bell
  end

  namespace '/api' do
    post '/bells' do
    end
  end
end
`,
        'api/chimes.rb': `class Chimes < Grape::API
  version 'v1', using: :path
  resource :chimes do
    desc 'All of them'
    get do
      []
    end

    route_param :id do
      put 'tune' do
      end
    end
  end
end
`,
        'api/gates_controller.rb': `class GatesController < ModelController
  path_base 'gates'

  get "#{path_guid}/summary", :summary
  get '/v2/gates/:guid/rights', :enumerate_rights

  def summary(guid)
    render gate(guid)
  end

  def enumerate_rights(guid)
  end
end
`,
        'config/hanami_routes.rb': 'class Routes < Hanami::Routes\n  get "/gongs/:id", to: "gongs.show"\nend\n',
        'app/actions/gongs/show.rb': 'class Show < Bell::Action\n  def handle(request, response)\n  end\nend\n',
      },
      [
        ['GET /bells/:id', 'app.rb:2'],
        ['GET /v2/gates/:guid/summary', 'api/gates_controller.rb:7'],
        ['GET /v2/gates/:guid/rights', 'api/gates_controller.rb:11'],
        ['POST /api/bells', 'app.rb:7'],
        ['GET /v1/chimes', 'api/chimes.rb:5'],
        ['PUT /v1/chimes/:id/tune', 'api/chimes.rb:10'],
      ],
    ));

  it('Rails: controllers of one name in modules and in none', () =>
    places(
      'ruby',
      {
        'config/routes.rb': `Rails.application.routes.draw do
  resources :bells, only: :index do
    collection do
      put "order" => :update_order
    end
  end
  controller :bells do
    get "ringing" => :ring, :as => :ringing
  end
  namespace :admin do
    resources :bells, only: :index
  end
  namespace :api do
    namespace :v1 do
      resources :bells, only: :index
    end
  end
end
`,
        'app/controllers/admin/bells_controller.rb': 'class Admin::BellsController < AdminController\n  def index; end\nend\n',
        'app/controllers/api/v1/bells_controller.rb': 'class Api::V1::BellsController < ApiController\n  def index; end\nend\n',
        'app/controllers/bells_controller.rb':
          'class BellsController < ApplicationController\n  def index; end\n  def update_order; end\n  def ring; end\nend\n',
      },
      [
        ['PUT /bells/order(.:format)', 'app/controllers/bells_controller.rb:3'],
        ['GET /ringing(.:format)', 'app/controllers/bells_controller.rb:4'],
        ['GET /bells(.:format)', 'app/controllers/bells_controller.rb:2'],
        ['GET /admin/bells(.:format)', 'app/controllers/admin/bells_controller.rb:2'],
        ['GET /api/v1/bells(.:format)', 'app/controllers/api/v1/bells_controller.rb:2'],
      ],
    ));

  it('Rails: concerns, shallow files, options', () =>
    places(
      'ruby',
      {
        'config/routes.rb': `Rails.application.routes.draw do
  draw :internal
  root "stories#index"
  scope format: "html" do
    get "/search" => "search#index", :as => "search"
    post "login" => "login#login"
    get "/page/:page" => "stories#index"
  end
  resources :stories, except: [:index] do
    post "upvote"
    member do
      post :hide, to: "story_actions#hide"
      get "preview"
    end
    collection { get :recent }
    resources :comments, only: [:create], controller: "story_comments"
  end
  scope "/mod", as: "mod", module: :moderation do
    resources :notes, path: "remarks", only: [:index]
  end
  match "/404", to: "about#missing", via: :all
  get "/u/:username", to: "users#show", constraints: { username: /[^\\/]+/ }
  devise_for :users
end
`,
        'config/routes/internal.rb': 'namespace :internal do\n  resource :status, only: :show, controller: :status\nend\n',
        'app/controllers/stories_controller.rb': `class StoriesController < ApplicationController
  before_action :find, only: [:show]

  def index
  end

  def create
  end

  def upvote
  end

  def preview
  end

  def recent
  end
end
`,
        'app/controllers/search_controller.rb': 'class SearchController\n  def index\n  end\nend\n',
        'app/controllers/login_controller.rb': 'class LoginController\n  def login\n  end\nend\n',
        'app/controllers/story_actions_controller.rb': 'class StoryActionsController\n  def hide\n  end\nend\n',
        'app/controllers/story_comments_controller.rb': 'class StoryCommentsController\n  def create\n  end\nend\n',
        'app/controllers/moderation/notes_controller.rb':
          'module Moderation\n  class NotesController\n    def index\n    end\n  end\nend\n',
        'app/controllers/about_controller.rb': 'class AboutController\n  def missing\n  end\nend\n',
        'app/controllers/users_controller.rb': 'class UsersController\n  def show\n  end\nend\n',
        'app/controllers/internal/status_controller.rb': 'class Internal::StatusController\n  def show\n  end\nend\n',
      },
      [
        ['GET /', 'app/controllers/stories_controller.rb:4'],
        ['GET /search(.:format)', 'app/controllers/search_controller.rb:2'],
        ['POST /login(.:format)', 'app/controllers/login_controller.rb:2'],
        ['GET /page/:page(.:format)', 'app/controllers/stories_controller.rb:4'],
        ['POST /stories(.:format)', 'app/controllers/stories_controller.rb:7'],
        ['POST /stories/:story_id/upvote(.:format)', 'app/controllers/stories_controller.rb:10'],
        ['POST /stories/:id/hide(.:format)', 'app/controllers/story_actions_controller.rb:2'],
        ['GET /stories/:id/preview(.:format)', 'app/controllers/stories_controller.rb:13'],
        ['GET /stories/recent(.:format)', 'app/controllers/stories_controller.rb:16'],
        ['POST /stories/:story_id/comments(.:format)', 'app/controllers/story_comments_controller.rb:2'],
        ['GET /mod/remarks(.:format)', 'app/controllers/moderation/notes_controller.rb:3'],
        ['GET /404(.:format)', 'app/controllers/about_controller.rb:2'],
        ['GET /u/:username(.:format)', 'app/controllers/users_controller.rb:2'],
        ['GET /internal/status(.:format)', 'app/controllers/internal/status_controller.rb:2'],
      ],
    ));

  it('Phoenix', () =>
    places(
      'elixir',
      {
        'lib/bell_web/router.ex': `defmodule BellWeb.Router do
  use BellWeb, :router

  scope "/", BellWeb do
    pipe_through :browser
    get "/", PageController, :home
    live "/bells/:id/ring", BellLive, :ring
  end

  scope "/api", BellWeb.Api do
    pipe_through [:api, :auth]
    resources "/bells", BellController, only: [:index, :show] do
      post "/mute", BellController, :mute
    end
  end
end
`,
        'lib/bell_web/controllers/page_controller.ex':
          'defmodule BellWeb.PageController do\n  def home(conn, _params) do\n  end\nend\n',
        'lib/bell_web/controllers/api/bell_controller.ex': `defmodule BellWeb.Api.BellController do
  def index(conn, _params) do
  end

  def show(conn, %{"id" => id}) do
  end

  def mute(conn, params) do
  end
end
`,
        'lib/bell_web/live/bell_live.ex':
          'defmodule BellWeb.BellLive do\n  use BellWeb, :live_view\n\n  def mount(params, session, socket) do\n  end\nend\n',
      },
      [
        ['GET /', 'lib/bell_web/controllers/page_controller.ex:2'],
        ['GET /bells/:id/ring', 'lib/bell_web/live/bell_live.ex:4'],
        ['GET /api/bells', 'lib/bell_web/controllers/api/bell_controller.ex:2'],
        ['GET /api/bells/:id', 'lib/bell_web/controllers/api/bell_controller.ex:5'],
        ['POST /api/bells/:bell_id/mute', 'lib/bell_web/controllers/api/bell_controller.ex:8'],
      ],
    ));

  it('Phoenix: controllers of one name in several scopes', () =>
    places(
      'erlang',
      {
        'lib/tower_web/router.ex': `defmodule TowerWeb.Router do
  use Phoenix.Router

  scope "/", TowerWeb do
    get "/bells/:name", BellController, :show
    resources "/gongs", GongController, only: [:index]
  end

  scope "/api", TowerWeb.API, as: :api do
    pipe_through :api

    for prefix <- ["/", "/towers/:tower"] do
      scope prefix do
        get "/bells/:name", BellController, :show
      end
    end

    resources "/gongs", GongController, only: [:index]
  end
end
`,
        'lib/tower_web/controllers/bell_controller.ex':
          'defmodule TowerWeb.BellController do\n  def show(conn, _) do\n  end\nend\n',
        'lib/tower_web/controllers/api/bell_controller.ex':
          'defmodule TowerWeb.API.BellController do\n  plug :authorize\n\n  def show(conn, _) do\n  end\nend\n',
        'lib/tower_web/controllers/gong_controller.ex':
          'defmodule TowerWeb.GongController do\n  def index(conn, _) do\n  end\nend\n',
        'lib/tower_web/controllers/api/gong_controller.ex':
          'defmodule TowerWeb.API.GongController do\n  plug :authorize\n\n  def index(conn, _) do\n  end\nend\n',
      },
      [
        ['GET /bells/:name', 'lib/tower_web/controllers/bell_controller.ex:2'],
        ['GET /api/bells/:name', 'lib/tower_web/controllers/api/bell_controller.ex:4'],
        ['GET /gongs', 'lib/tower_web/controllers/gong_controller.ex:2'],
        ['GET /api/gongs', 'lib/tower_web/controllers/api/gong_controller.ex:4'],
      ],
    ));
});
