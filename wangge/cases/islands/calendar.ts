// The year of a calendar: arrow keys go from day to day, so that the tab key passes the year in one step.
import "./calendar.css";
import { mount } from "./lib/days";

mount(document);
