"""Files, locks, the ledger and the printer: what was made, brought to where it belongs.

Public: account, all_desks, archive, atomic, clinic_key, destination, disk_cache, filenames, files, fingerprints,
installed, ledger, lock, manifest, printer, run_folder, server.address.
"""
