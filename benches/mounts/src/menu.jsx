import { mount } from "@playconnect/react";
import { useState } from "react";
import { Menu } from "../../../examples/lobby/menu/src/menu";

function Toggle() {
  const [shown, setShown] = useState(false);
  return (
    <>
      <button type="button" id="toggle" onClick={() => setShown(!shown)}>
        {shown ? "Unmount" : "Mount"}
      </button>
      {shown && <Menu />}
    </>
  );
}
mount(<Toggle />);
