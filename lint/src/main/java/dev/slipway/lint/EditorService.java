package dev.slipway.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Answers an editor about the files that it shows; another module has one. */
public interface EditorService {
  /**
   * Answers until the editor says goodbye or closes its end.
   *
   * @param selection the rules that files are looked through for
   * @return 0 when the editor took its leave as the protocol asks, else 1
   */
  int serve(InputStream in, OutputStream out, Selection selection, ActionData data)
      throws IOException, InterruptedException;
}
