"""One handout, or a whole list, from files to delivered pages.

Public: backup, batch, calendar_file, check_cache, desk_delivery, desk_run, drawer, earlier_runs, edit_clinic,
edit_file, edit_words, fresh_site, handout, hardening, last_list, learning, list_request, list_run, list_table, marking,
needs, new_folder, opened_list, paper, print_job, record_settings, restore, ruler_page, shared_ledger, sign_variants,
signed_pages, signing, sweep, text_level, totals, update.
"""
