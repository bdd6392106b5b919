"""WeCom's gettoken and message/send as its documentation describes them."""

from wangge.notifications.tests.fakes.serving import Answer, Asked, Provider

CORP_ID, SECRET, AGENT_ID = "ww-test", "corp-secret", "1000002"


class FakeWeCom(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.tokens_given = 0
        self.token = ""
        self.seen: set[str] = set()
        self.fault = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/gettoken" and asked.method == "GET":
            return 200, self._give(asked.query)
        if asked.path == "/cgi-bin/message/send" and asked.method == "POST":
            return 200, self._take(asked)
        return 404, {"errcode": 404, "errmsg": "no such interface"}

    def _give(self, query: dict[str, str]) -> dict[str, object]:
        if query.get("corpid") != CORP_ID:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if query.get("corpsecret") != SECRET:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        self.tokens_given += 1
        self.token = f"token-{self.tokens_given}"
        return {"errcode": 0, "errmsg": "ok", "access_token": self.token, "expires_in": 7200}

    def _take(self, asked: Asked) -> dict[str, object]:
        if asked.query.get("access_token") != self.token or not self.token:
            return {"errcode": 40014, "errmsg": "invalid access_token"}
        if self.fault:
            fault, self.fault = self.fault, 0
            return {"errcode": fault, "errmsg": "fault"}
        message = asked.json
        card = message.get("textcard", {})
        if message.get("msgtype") != "textcard" or not isinstance(message.get("agentid"), int):
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if str(message["agentid"]) != AGENT_ID:
            return {"errcode": 40056, "errmsg": "invalid agentid"}
        if not card.get("title") or not card.get("description") or not card.get("url"):
            return {"errcode": 40058, "errmsg": "missing argument"}
        if len(card["title"].encode()) > 128 or len(card["description"].encode()) > 512:
            return {"errcode": 45002, "errmsg": "content size out of limit"}
        if len(card["url"].encode()) > 2048 or not card["url"].startswith(("http://", "https://")):
            return {"errcode": 40058, "errmsg": "invalid url"}
        return self._deliver(message)

    def _deliver(self, message: dict[str, object]) -> dict[str, object]:
        if message["touser"] == "stranger":
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid", "invaliduser": "stranger"}
        copy = repr(message)
        if message.get("enable_duplicate_check") == 1 and copy in self.seen:
            return {"errcode": 0, "errmsg": "ok", "msgid": "copy"}  # answered, not shown again
        self.seen.add(copy)
        self.taken.append(message)
        return {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.taken)}"}
