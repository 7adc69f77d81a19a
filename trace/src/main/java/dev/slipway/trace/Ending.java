package dev.slipway.trace;

import java.util.List;

/**
 * How a watch ended.
 *
 * @param gaps why something may have been missed, a phrase each; empty when all was seen
 * @param left whether processes were still alive
 * @param contacts the connections asked for, each once
 * @param accesses how many accesses were told
 */
public record Ending(List<String> gaps, boolean left, List<Contact> contacts, long accesses) {
  public Ending {
    gaps = List.copyOf(gaps);
    contacts = List.copyOf(contacts);
  }

  /** The same without connections to other machines. */
  public Ending withoutNetwork() {
    return new Ending(
        gaps,
        left,
        contacts.stream().filter(contact -> contact.kind() != Contact.Kind.NETWORK).toList(),
        accesses);
  }
}
