//! The OpenAPI document, made from the same routes that are served, and what is said at addresses without a route.

mod refusals;

use actix_web::dev::ResourceDef;
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use utoipa::OpenApi as _;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, Ref, RefOr, Required};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::problem::Failure;
use crate::request::Public;
use crate::routes;
use crate::state::Api;

pub(crate) use refusals::*;

/// Where the document is.
const ADDRESS: &str = "/v1/openapi.json";
/// The name of the one way to be somebody.
const BEARER: &str = "bearer";
/// For the browsable document alone: it runs its own scripts and sets styles.
const CSP: &str = "default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Baton",
        description = "A realtime helpdesk. Everything that is not an answer is a problem (RFC 9457) with a stable \
            `code`; lists are `{items, next_cursor}`; times are RFC 3339 in UTC.",
        version = "1",
        license(name = "MIT OR Apache-2.0")
    ),
    security(("bearer" = [])),
    components(schemas(baton_wire::problem::Problem)),
)]
struct Base;

/// The OpenAPI document of everything that is served.
pub fn document() -> OpenApi {
    let (_, mut api) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(routes::documented)
        .split_for_parts();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = api.components.get_or_insert_with(Components::new);
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    refer_to_rows(components);
    for (path, item) in &mut api.paths.paths {
        let is_auth = path.starts_with("/v1/auth/");
        if let Some(operation) = item.post.as_mut().filter(|_| !is_auth) {
            takes_idempotency_key(operation);
        }
        for (_, operation) in operations(item) {
            named(operation);
            everywhere(operation);
        }
    }
    api
}

/// utoipa writes the rows of each `Page` out again; a reference says the same and keeps generated clients small.
fn refer_to_rows(components: &mut Components) {
    for (name, schema) in &mut components.schemas {
        let Some(row) = name.strip_prefix("Page_") else { continue };
        let RefOr::T(Schema::Object(page)) = schema else { continue };
        if let Some(RefOr::T(Schema::Array(rows))) = page.properties.get_mut("items") {
            rows.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(row).into()));
        }
    }
}

/// Handlers are named within their noun; the document wants names that are unique.
fn named(operation: &mut Operation) {
    let noun = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    operation.operation_id = operation.operation_id.take().map(|name| format!("{noun}_{name}"));
}

/// What the outer layer does for every POST.
fn takes_idempotency_key(operation: &mut Operation) {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(128));
    let header = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Sent again with the same key within 24 h, the request is not done again: the first answer is given.",
        ))
        .schema(Some(text));
    operation.parameters.get_or_insert_default().push(header.build().into());
}

/// What every operation may answer, and that what needs no permission says so.
fn everywhere(operation: &mut Operation) {
    for (status, response) in common() {
        operation.responses.responses.entry(status).or_insert(response);
    }
    let public = serde_json::Value::from("public");
    let extensions = operation.extensions.get_or_insert_with(|| ExtensionsBuilder::new().build());
    if !extensions.contains_key("x-permission") {
        extensions.insert("x-permission".to_owned(), public);
    }
}

/// The operations at one address.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", item.get.as_mut()),
        ("PUT", item.put.as_mut()),
        ("POST", item.post.as_mut()),
        ("PATCH", item.patch.as_mut()),
        ("DELETE", item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.map(|operation| (method, operation)))
}

/// The document as it is served, and which methods each address has.
pub(crate) struct Document {
    json: Bytes,
    methods: Vec<(ResourceDef, Vec<&'static str>)>,
}

impl Document {
    pub(crate) fn new() -> Self {
        let mut api = document();
        // Serialising it cannot fail: its keys are texts. An empty answer would be seen at once.
        let json = serde_json::to_vec(&api).unwrap_or_default().into();
        let mut methods: Vec<_> = (api.paths.paths.iter_mut())
            .map(|(path, item)| (ResourceDef::new(path.as_str()), operations(item).map(|(method, _)| method).collect()))
            .collect();
        // Fixed addresses before those with parameters, as the routes are.
        methods.sort_by_key(|(path, _)| path.pattern().is_some_and(|pattern| pattern.contains('{')));
        Self { json, methods }
    }
}

/// Answers where no route does: other methods, if the address has any.
pub(crate) async fn nothing_here(request: HttpRequest, api: Option<Api>) -> Result<HttpResponse, Failure> {
    let methods = api.iter().flat_map(|api| &api.document.methods);
    let mut known = methods.filter(|(path, _)| path.is_match(request.path())).map(|(_, methods)| methods.clone());
    Err(known.next().map_or_else(Failure::nothing, Failure::Method))
}

/// The document itself.
async fn openapi_json(_: Public, api: Api) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(api.document.json.clone())
}

/// Serves the document and its browser.
pub(crate) fn browsable(config: &mut web::ServiceConfig) {
    let with_csp = actix_web::middleware::DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, CSP));
    config
        .route(ADDRESS, web::get().to(openapi_json))
        .service(web::redirect("/docs", "/docs/"))
        .service(web::scope("/docs").wrap(with_csp).service(SwaggerUi::new("/{_:.*}").config(Config::from(ADDRESS))));
}
