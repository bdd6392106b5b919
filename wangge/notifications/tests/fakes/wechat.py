"""WeChat's stable_token and template/send as the documentation describes them."""

from wangge.notifications.tests.fakes.serving import Answer, Asked, Provider

APP_ID, SECRET = "wx-test", "app-secret"
TEMPLATES = {"T1"}


class FakeWeChat(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.tokens_given = 0
        self.token = ""
        self.seen: set[tuple[str, str]] = set()
        self.fault = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/cgi-bin/stable_token" and asked.method == "POST":
            return 200, self._give(asked.json)
        if asked.path == "/cgi-bin/message/template/send" and asked.method == "POST":
            return 200, self._take(asked)
        return 404, {"errcode": 404, "errmsg": "no such interface"}

    def _give(self, asked: dict[str, str]) -> dict[str, object]:
        if asked.get("grant_type") != "client_credential":
            return {"errcode": 40002, "errmsg": "invalid grant_type"}
        if asked.get("appid") != APP_ID:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if asked.get("secret") != SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        self.tokens_given += 1
        self.token = f"stable-{self.tokens_given}"
        return {"access_token": self.token, "expires_in": 7200}

    def _take(self, asked: Asked) -> dict[str, object]:
        if asked.query.get("access_token") != self.token or not self.token:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
        if self.fault:
            fault, self.fault = self.fault, 0
            return {"errcode": fault, "errmsg": "fault"}
        message = asked.json
        if message["touser"] == "stranger":
            return {"errcode": 43004, "errmsg": "require subscribe"}
        if message["template_id"] not in TEMPLATES:
            return {"errcode": 40037, "errmsg": "invalid template_id"}
        data = {name: part["value"] for name, part in message["data"].items()}
        if set(data) != {"thing1", "character_string2", "time3"} or not all(data.values()):
            return {"errcode": 47003, "errmsg": "argument invalid"}
        if len(data["thing1"]) > 20 or len(data["character_string2"]) > 32:
            return {"errcode": 47003, "errmsg": "argument invalid: too long"}
        if len(message.get("client_msg_id", "")) > 32:
            return {"errcode": 47001, "errmsg": "data format error"}
        copy = (message["touser"], message["client_msg_id"])
        if copy not in self.seen:
            self.seen.add(copy)
            self.taken.append(message)
        return {"errcode": 0, "errmsg": "ok", "msgid": len(self.seen)}
