//! Who may call what: of every operation, by what the document says.

use std::collections::HashSet;

use baton_domain::access::{Permission, permissions_of};
use baton_domain::user::Role;
use baton_wire::problem::Code;

use crate::server::{PUBLIC, Server, filled, operations, problem};

#[test]
fn every_operation_says_who_may_and_what_may_go_wrong() {
    let document = serde_json::to_value(baton_api::document()).unwrap();
    let mut names = HashSet::new();
    for (method, path) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let public = PUBLIC.contains(&(method.as_str(), path.as_str()));
        let permission = operation["x-permission"].as_str().unwrap_or_default();
        assert_eq!(permission == "public", public, "{method} {path}");
        assert!(public || permission.parse::<Permission>().is_ok(), "{method} {path}: {permission}");
        let responses = operation["responses"].as_object().unwrap();
        for status in ["429", "500", "503"].iter().chain((!public).then_some(&"401")) {
            assert!(responses.contains_key(*status), "{method} {path} lacks {status}");
        }
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{method} {path}");
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let server = Server::alone().await;
    for (method, path) in operations() {
        if PUBLIC.contains(&(method.as_str(), path.as_str())) {
            continue;
        }
        let answer = server.request(&method, &filled(&path)).send().await.unwrap();
        assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{method} {path}");
        assert_eq!(problem(answer).await.code, Code::Unauthenticated, "{method} {path}");
        let answer = server.request(&method, &filled(&path)).bearer_auth("x.y.z").send().await.unwrap();
        assert_eq!(problem(answer).await.code, Code::InvalidToken, "{method} {path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_role_may_what_its_permissions_say_and_no_more() {
    let (server, people) = Server::with_demo().await;
    let document = serde_json::to_value(baton_api::document()).unwrap();
    for role in Role::ALL {
        let session = server.sign_in(people.of(*role, 0)).await;
        for (method, path) in operations() {
            let word = document["paths"][&path][method.to_lowercase()]["x-permission"].as_str().unwrap().to_owned();
            let Ok(permission) = word.parse::<Permission>() else { continue };
            let answer = session.request(&method, &filled(&path)).send().await.unwrap();
            let forbidden = answer.status() == 403;
            assert_eq!(forbidden, !permissions_of(*role).contains(&permission), "{role} {method} {path}");
            assert_ne!(answer.status(), 401, "{role} {method} {path}");
            assert!(!answer.status().is_server_error(), "{role} {method} {path}");
        }
    }
    server.stop().await;
}
