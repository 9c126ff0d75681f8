//! HTTP for those who watch: `/metrics`, `/live`, `/ready`, `/version`.
//!
//! It is for a network that is trusted: who may ask is not checked, and nothing can be changed. No
//! row and no text of a statement is shown.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bourse_storage::{Error, Result};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::server::Shared;
use crate::workers::Class;

pub(crate) mod metrics;

/// Answers at an address, until the server stops. Returns where.
pub(crate) async fn listen(shared: &Arc<Shared>, wanted: SocketAddr) -> Result<SocketAddr> {
    let failed = |error| Error::io(format!("cannot listen at {wanted} for HTTP"), error);
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let routes = Router::new()
        .route("/metrics", get(metrics))
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/version", get(version))
        .with_state(Arc::clone(shared));
    let stopped = Arc::clone(shared);
    tokio::spawn(async move {
        let served = axum::serve(listener, routes)
            .with_graceful_shutdown(async move { stopped.stopped().await });
        if let Err(error) = served.await {
            tracing::error!("HTTP has ended: {error}");
        }
    });
    Ok(address)
}

async fn live() -> &'static str {
    "live\n"
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let (done, is_done) = oneshot::channel();
    let of = Arc::clone(&shared);
    // It reads pages, maybe from the disk.
    let asked = shared.workers.submit(Class::Short, move || {
        let _ = done.send(metrics::text(&of));
    });
    let text = match (asked, is_done.await) {
        (Ok(()), Ok(text)) => text,
        _ => return (StatusCode::SERVICE_UNAVAILABLE, "too busy\n").into_response(),
    };
    match text {
        Ok(text) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
            (kind, text).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

/// Whether sessions are let in: the store is open before the server listens.
async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    if shared.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    if !shared.is_settled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "starting\n").into_response();
    }
    "ready\n".into_response()
}

async fn version() -> Response {
    let text = json!({
        "name": "bourse",
        "version": env!("CARGO_PKG_VERSION"),
        "postgres": crate::SERVER_VERSION,
    });
    ([(header::CONTENT_TYPE, "application/json")], format!("{text}\n")).into_response()
}
