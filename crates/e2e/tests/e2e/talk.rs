//! Conversations on the screens of those who take part.

use rstest::rstest;
use serde_json::json;

use crate::harness::{Stack, Transport};

#[rstest]
#[case::websocket(Transport::Websocket)]
#[case::polling(Transport::Polling)]
#[tokio::test]
async fn a_post_reaches_the_other_screen(#[case] transport: Transport) {
    let stack = Stack::shared().await;
    let tenant = stack.tenant().await;
    let (cleo, sam) = (tenant.customer("Cleo").await, tenant.supervisor("Sam").await);
    let ticket = cleo.opens_id("Printer").await;
    let gateways = [stack.gateway(0)];
    let (customer, staff) =
        (cleo.screen_over(transport, &gateways).await, sam.screen_over(transport, &gateways).await);
    customer.join(&ticket).await;
    staff.join(&ticket).await;

    sam.posts(&ticket, "Is it plugged in?").await;
    let sent = customer
        .asks("message:send", json!({"conversation_id": ticket, "client_id": "c1", "kind": "reply", "body": "Yes!"}))
        .await;

    let expected = ["Printer, please help", "Is it plugged in?", "Yes!"];
    assert_eq!(customer.until_thread(&ticket, 3).await, expected);
    assert_eq!(staff.until_thread(&ticket, 3).await, expected);
    assert_eq!((&sent["message"]["seq"], &sent["message"]["client_id"]), (&json!(3), &json!("c1")));
    let card = staff.until_ticket(&ticket, "shows the last message", |ticket| ticket["last_seq"] == 3).await;
    assert_eq!(card["preview"], "Yes!");
}
