// The roster and the handover of a desk: only their look; both work without a script.
import "./roster.css";
